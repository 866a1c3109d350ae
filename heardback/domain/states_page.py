"""docs/states.md, written from the table of moves: `python -m heardback.domain.states_page > docs/states.md`."""

import sys

from heardback.domain.lifecycle import picture, table

OPENING = """# What may become of a loop

A loop is what a service owes an answer to: one or more comments that say the same thing. Every comment is in exactly
one loop. This page is written from the table of moves in `heardback/domain/lifecycle.py`, the same table that
`heardback/ledger.py` asks before anything changes; a test keeps the two alike.

The usual way is `heard → owned → matched → decided → told → agreed`. `matched` may be skipped: a decision needs no
change. A loop is **closed** once people have been told. Every move is written to the history with who made it, in which
role, when, the day it took effect, and why."""

READING = """## Every move

*Who* is anyone of these roles. *Requires* is what must be given with the move: a decision `will` needs a day as well,
and a decision `cannot` a reason. *Stays* leaves the loop in the state it was in."""


def states_page() -> str:
    """The page as Markdown, the picture as a Mermaid diagram."""
    return "\n\n".join([OPENING, f"## The picture\n\n```mermaid\n{picture()}\n```", READING, table()]) + "\n"


if __name__ == "__main__":
    sys.stdout.write(states_page())
