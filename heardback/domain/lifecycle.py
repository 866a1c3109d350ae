"""The table of moves: from where to where a loop may go, who may move it, and what the move requires."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from heardback.domain.words import LoopState as S
from heardback.domain.words import Outcome
from heardback.errors import MoveRefused


class Role(StrEnum):
    """Who acts. SYSTEM is Heardback itself; GRANTED_WORDS is one of the data team who may see cells."""

    SYSTEM = "system"
    DATA_TEAM = "data_team"
    GRANTED_WORDS = "granted_words"
    SERVICE_MANAGER = "service_manager"
    SAFEGUARDING_LEAD = "safeguarding_lead"
    PARTICIPATION_OFFICER = "participation_officer"
    COMPLAINTS_MANAGER = "complaints_manager"
    QUALITY_BOARD = "quality_board"
    ADMINISTRATOR = "administrator"


@dataclass(frozen=True)
class Move:
    """One row of the table. `target` None leaves the loop in its state; `sources` empty opens a new loop."""

    name: str
    sources: frozenset[S]
    target: S | None
    roles: frozenset[Role]
    requires: tuple[str, ...]
    meaning: str


OPEN = frozenset({S.HEARD, S.OWNED, S.MATCHED, S.REOPENED})
ANSWERED = frozenset({S.DECIDED, S.TOLD, S.AGREED})
PARTABLE = OPEN | ANSWERED | {S.NOT_COUNTED}  # of which a voice may leave, so that the others stand as they stood
CLOSED = frozenset({S.TOLD, S.AGREED})
ASIDE = frozenset({S.WITHHELD, S.DIVERTED, S.NOT_COUNTED, S.WITHDRAWN, S.MERGED})
_IN_HAND = frozenset({S.OWNED, S.MATCHED})
_UNCOUNTED = frozenset({S.NOT_COUNTED})
_GONE = frozenset({S.WITHDRAWN})
_SEEN = OPEN | ANSWERED | _UNCOUNTED | {S.DIVERTED}
_KEPT = _SEEN | {S.WITHHELD}
_NEW: frozenset[S] = frozenset()
_SYSTEM = frozenset({Role.SYSTEM})
_SERVICE = frozenset({Role.SERVICE_MANAGER, Role.ADMINISTRATOR})
_TELLERS = _SERVICE | {Role.PARTICIPATION_OFFICER}
_SAFEGUARDING = frozenset({Role.SAFEGUARDING_LEAD})
_COMPLAINTS = frozenset({Role.COMPLAINTS_MANAGER})
_DIVERTED = frozenset({S.DIVERTED})
# What is held back, or in the complaints procedure, is in nobody else's hands, whatever move it is.
HANDS: Mapping[S, frozenset[Role]] = {
    S.WITHHELD: _SAFEGUARDING | _SYSTEM,
    S.DIVERTED: _COMPLAINTS | _SAFEGUARDING | _SYSTEM,
}


def _move(
    name: str,
    sources: frozenset[S],
    target: S | None,
    roles: frozenset[Role],
    meaning: str,
    requires: tuple[str, ...] = (),
) -> Move:
    return Move(name, sources, target, roles, requires, meaning)


MOVES: Mapping[str, Move] = {
    move.name: move
    for move in (
        _move("open", _NEW, S.HEARD, _SYSTEM | _SERVICE, "somebody said something that is owed an answer"),
        _move("open_withheld", _NEW, S.WITHHELD, _SYSTEM, "screening held the words back", ("reasons",)),
        _move("open_diverted", _NEW, S.DIVERTED, _SYSTEM, "a complaint, sent to its own procedure", ("reasons",)),
        _move("open_not_counted", _NEW, S.NOT_COUNTED, _SYSTEM, "asks for nothing", ("reason",)),
        _move("own", OPEN, S.OWNED, _SERVICE | _SYSTEM, "a named owner accepted it", ("owner",)),
        _move("match", _IN_HAND, S.MATCHED, _SERVICE, "a person confirmed the change that answers it", ("change",)),
        _move("decide", _IN_HAND, S.DECIDED, _SERVICE, "an outcome is recorded", ("outcome", "wording")),
        _move("revise", ANSWERED, S.DECIDED, _SERVICE, "another outcome, told again", ("outcome", "wording", "reason")),
        _move("keep", ANSWERED, None, _SERVICE, "a promise was kept", ()),
        _move("tell", frozenset({S.DECIDED}), S.TOLD, _TELLERS, "people were told", ("how", "where")),
        _move("tell_again", CLOSED, None, _TELLERS, "people were told once more", ("how", "where")),
        _move("agree", frozenset({S.TOLD}), S.AGREED, _TELLERS, "those told say it answers them"),
        _move("reopen", ANSWERED, S.REOPENED, _TELLERS | _SYSTEM, "the answer does not hold", ("reason",)),
        _move("set_aside", OPEN, S.NOT_COUNTED, _SERVICE, "needs no answer", ("reason",)),
        _move("count_again", _UNCOUNTED, S.HEARD, _SERVICE | _SYSTEM, "needs an answer after all", ("reason",)),
        _move("withhold", _SEEN, S.WITHHELD, _SAFEGUARDING | _SYSTEM, "a concern was raised later", ("reason",)),
        _move("release", frozenset({S.WITHHELD}), S.HEARD, _SAFEGUARDING, "read: not a concern", ("reason",)),
        _move("refer", frozenset({S.WITHHELD}), None, _SAFEGUARDING, "read: referred to those who act", ("reference",)),
        _move(
            "keep_from_service", _KEPT, None, _SAFEGUARDING | _SYSTEM, "accuses staff: not theirs to see", ("reason",)
        ),
        _move("give_to_service", _KEPT, None, _SAFEGUARDING, "does not accuse staff after all", ("reason",)),
        _move("divert", OPEN, S.DIVERTED, _SERVICE | _COMPLAINTS | _SAFEGUARDING | _SYSTEM, "a complaint", ("reason",)),
        _move("return", _DIVERTED, S.HEARD, _COMPLAINTS, "not a complaint after all", ("reason",)),
        _move("accept_complaint", _DIVERTED, None, _COMPLAINTS, "the procedure took it up", ("reference",)),
        _move("extend_complaint", _DIVERTED, None, _COMPLAINTS, "complex: more time for the answer", ("reason",)),
        _move("end_complaint", _DIVERTED, None, _COMPLAINTS, "the procedure ended", ("ended_as", "reference")),
        _move("withdraw", _SEEN | {S.WITHHELD}, S.WITHDRAWN, _SERVICE | _SYSTEM, "taken back", ("reason",)),
        _move("restore", _GONE, S.HEARD, _SERVICE | _SYSTEM, "taken back, and then there again", ("reason",)),
        _move("merge", OPEN, S.MERGED, _SERVICE | _SYSTEM, "says the same as another loop", ("into",)),
        _move("absorb", OPEN, None, _SERVICE | _SYSTEM, "took in the voices of another loop", ("from",)),
        _move("join", OPEN, None, _SYSTEM, "one more voice said the same", ("voices",)),
        _move("split", PARTABLE, None, _SERVICE | _SYSTEM, "gave some voices to a loop of their own", ("into",)),
        _move(
            "reassign",
            OPEN | {S.DECIDED},
            None,
            _SERVICE,
            "another owner, here or in another service",
            ("owner", "reason"),
        ),
        _move("describe", OPEN | ANSWERED, None, _TELLERS, "a staff-written title", ("title",)),
        _move("snooze", OPEN | {S.DECIDED}, None, _SERVICE, "no nudge until a day", ("until",)),
        _move("pause", OPEN, None, _SERVICE, "waits for others: the clock stops", ("until", "reason")),
        _move("resume", OPEN, None, _SERVICE, "the clock goes on"),
        _move("chase", OPEN | ANSWERED, None, _SERVICE, "somebody above its owner has taken it up", ("until",)),
        _move("approve", ANSWERED, None, _TELLERS, "one of two approvals for the public board", ("approval",)),
    )
}

APPROVALS = ("identifying_details_removed", "cleared_for_disclosure")
ENDINGS = ("upheld", "partly_upheld", "not_upheld", "withdrawn", "stage_2")


def check_move(name: str, state: S | None, role: Role, details: Mapping[str, object]) -> Move:
    """The row of the table for this move, or MoveRefused with the reason and what would be allowed instead."""
    move = MOVES.get(name)
    if move is None:
        raise MoveRefused(f"there is no move '{name}'", do=f"one of: {', '.join(sorted(MOVES))}")
    if (state in move.sources) if state else not move.sources:
        _check_role(move, role, move.roles & HANDS.get(state, move.roles) if state else move.roles)
        _check_details(move, details)
        return move
    allowed = ", ".join(sorted(other.name for other in MOVES.values() if state in other.sources)) or "nothing"
    raise MoveRefused(f"'{name}' is not allowed from '{state or 'new'}'", do=f"from here: {allowed}")


def _check_role(move: Move, role: Role, roles: frozenset[Role]) -> None:
    if role not in roles:
        allowed = ", ".join(sorted(roles))
        raise MoveRefused(f"'{move.name}' may not be made by {role}", do=f"ask: {allowed}")


def _check_details(move: Move, details: Mapping[str, object]) -> None:
    missing = [key for key in move.requires if not details.get(key)]
    outcome = details.get("outcome")
    if move.name in ("decide", "revise"):
        if outcome and outcome not in set(Outcome):
            raise MoveRefused(f"there is no outcome '{outcome}'", do=f"one of: {', '.join(Outcome)}")
        missing += ["by_date"] if outcome == Outcome.WILL and not details.get("by_date") else []
        missing += ["reason"] if outcome == Outcome.CANNOT and not details.get("reason") else []
    if move.name == "approve" and details.get("approval") not in APPROVALS:
        raise MoveRefused("an approval says what was approved", do=f"one of: {', '.join(APPROVALS)}")
    if move.name == "end_complaint" and details.get("ended_as") not in ENDINGS:
        raise MoveRefused("a complaint ends in one of a few ways", do=f"one of: {', '.join(ENDINGS)}")
    if missing:
        raise MoveRefused(f"'{move.name}' needs: {', '.join(missing)}", do="give what is missing and try again")


def picture() -> str:
    """The table as a Mermaid state diagram, for docs/states.md."""
    lines = ["stateDiagram-v2"]
    for move in MOVES.values():
        if move.target is None:
            continue
        origins = sorted(str(source) for source in move.sources) or ["[*]"]
        lines += [f"    {origin} --> {move.target}: {move.name}" for origin in origins]
    return "\n".join(lines)


def table() -> str:
    """The table of moves in Markdown, for docs/states.md."""
    rows = ["| Move | From | To | Who | Requires | Means |", "|---|---|---|---|---|---|"]
    for move in MOVES.values():
        origin = ", ".join(sorted(move.sources)) or "(new)"
        who, requires = ", ".join(sorted(move.roles)), ", ".join(move.requires) or "–"
        rows.append(f"| `{move.name}` | {origin} | {move.target or 'stays'} | {who} | {requires} | {move.meaning} |")
    return "\n".join(rows)
