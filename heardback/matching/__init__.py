"""The service change that answers what was said, or an honest nothing.

`suggesting.match` is the door. Behind it, in the order a comment meets them: `text` and `counting` (words, stems,
letters), `lexicon` (the register of changes as a matrix), `blocking` (which changes may answer at all), `scoring` (one
number for a pair, as a sum), `ranking` (the best few of each comment, chunk by chunk), `decision` (a probability and
its band) and `explanation` (the reasons). `grouping` knows comments that say the same; `evaluation` measures all of it
on `labelled` files, with the `figures` of the field.
"""
