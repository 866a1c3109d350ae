"""The service change that answers what was said, or an honest nothing.

`match` is the door for comments and changes in frames, `configured` gives what it goes by under a folder of
configuration, and `evaluate` measures it on labelled files. Behind them, in the order a comment meets them: `text` and
`counting` (words, stems, letters), `terms` and `bridges` (the thesaurus), `lexicon` (the register of changes as a
matrix), `encoder` and `meaning` (what sentences mean), `blocking` (which changes may answer at all), `memory` (what
people confirmed before), `scoring` (one number for a pair, as a sum), `register` (the changes made ready once) with its
`postings` (the nearest by words), `pool` and `ranking` (the best few of each comment, chunk by chunk), `decision` (a
probability and its band), `learning` (that probability made better by what people judged) and `explanation` (the
reasons). `grouping` knows comments that say the same, `growing` finds words for the thesaurus; `evaluation` measures
all of it on `labelled` files, with the `figures` of the field.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from heardback.matching.in_force import configured, evaluate
    from heardback.matching.register import Knowledge, Register
    from heardback.matching.suggesting import Suggestion, match

__all__ = ["Knowledge", "Register", "Suggestion", "configured", "evaluate", "match"]

HOME = {
    "Knowledge": "register",
    "Register": "register",
    "Suggestion": "suggesting",
    "configured": "in_force",
    "evaluate": "in_force",
    "match": "suggesting",
}


def __getattr__(name: str) -> Any:
    """The door's names, each read when it is asked for: whoever wants the fingerprints alone waits for nothing else."""
    if name not in HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{HOME[name]}"), name)
