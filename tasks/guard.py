"""What each command asks of whoever runs it. One that does not stand here may not be there: a test says so."""

from collections.abc import Mapping

from heardback.domain.access import Right

# These name no person: they are run by the scheduler, show counts, ids and what staff wrote, and no word of a child's.
UNNAMED: Mapping[str, str] = {
    "demo": "the sample council, in a folder of its own",
    "init": "a configuration to start from",
    "check": "faults of the configuration",
    "pull": "counts", "changes": "counts", "match": "counts", "nudge": "ids, and titles that staff wrote",
    "report": "figures that point to nobody", "board": "what two people approved",
    "told-back": "what two people approved, and titles that staff wrote",
    "action-plan": "what registers say, numbers of loops, and titles that two people approved",
    "practice": "what two people approved", "status": "counts",
    "reconcile": "counts", "verify": "rows of the history", "migrate": "a version",
    "forget": "counts and ids, by the clock alone",
    "map draft": "columns of a file that is at hand", "map check": "columns of a file that is at hand",
    "match evaluate": "figures about a file that is at hand", "screen evaluate": "figures about a file that is at hand",
    "redact evaluate": "figures about a file that is at hand",
    "screen learn": "counts; it writes weights into the configuration, from examples that are at hand",
    "loop list": "where loops stand, without those that accuse staff", "loop show": "the same of one loop",
    "loop journal": "what staff wrote down elsewhere; it stands in the history under their names",
    "quarantine list": "reasons", "quarantine show": "how long the cells are",
    "quarantine release": "counts; it is on record as done by the data team",
    "complaints list": "numbers, days and references",
    "listen": "nothing; who presses, or signs in by a link that they were sent, is let in by role, each time",
    "safeguarding alert": "numbers of loops, to those named in services.yaml",
}  # fmt: skip

# These let nobody in who is not named, known and in a role that has the right; every asking is on record.
NAMED: Mapping[str, Right] = {
    "loop list --by": Right.LOOPS,
    "loop show --by": Right.LOOPS,
    "loop alike": Right.LOOPS,
    "loop show --words": Right.WORDS,
    "quarantine show --show-text": Right.CELLS,
    "quarantine release --by": Right.RUN,
    "safeguarding queue": Right.WITHHELD,
    "safeguarding read": Right.WITHHELD,
    "safeguarding settle": Right.WITHHELD,
    "safeguarding take": Right.WITHHELD,
    "complaints read": Right.COMPLAINTS,
    "complaints accept": Right.COMPLAINTS,
    "complaints extend": Right.COMPLAINTS,
    "complaints end": Right.COMPLAINTS,
    "match suggest-words": Right.THESAURUS,
    "forget --response": Right.ERASE,
    "forget --code": Right.ERASE,
    "forget --hold": Right.ERASE,
    "forget --lift": Right.ERASE,
}

# These are moves of a loop: the table of moves (docs/states.md) says which role makes which.
MOVES: Mapping[str, str] = {
    "loop decide": "decide", "loop tell": "tell", "loop match": "match", "loop merge": "merge", "loop split": "split",
    "loop reject": "match", "loop reassign": "reassign", "loop move": "any other", "board --posted": "tell",
    "told-back --met": "tell", "board-wording": "approve",
}  # fmt: skip


def guarded() -> frozenset[str]:
    """Every command that stands in one of the tables, without its options."""
    named = {command.split(" --")[0] for command in NAMED}
    return frozenset(UNNAMED) | named | {command.split(" --")[0] for command in MOVES}
