"""The service change that answers what was said, or an honest nothing.

`suggesting.match` is the door. Behind it, in the order a comment meets them: `text` and `counting` (words, stems,
letters), `terms` and `bridges` (the thesaurus), `lexicon` (the register of changes as a matrix), `encoder` and
`meaning` (what sentences mean), `blocking` (which changes may answer at all), `memory` (what people confirmed before),
`scoring` (one number for a pair, as a sum), `register` (the changes made ready once), `pool` and `ranking` (the best
few of each comment, chunk by chunk), `decision` (a probability and its band), `learning` (that probability made better
by what people judged) and `explanation` (the reasons). `grouping` knows comments that say the same, `growing` finds
words for the thesaurus; `evaluation` measures all of it on `labelled` files, with the `figures` of the field.
"""
