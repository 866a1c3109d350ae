"""The one door through which a loop changes state: check, then write the row, its history and its event together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from heardback.domain import events
from heardback.domain.chain import chain
from heardback.domain.effects import BLANK, effects_of
from heardback.domain.lifecycle import OPEN, Role, check_move
from heardback.domain.words import LoopState
from heardback.errors import MoveRefused, NotFound, StaleVersion
from heardback.store import ChainHead, HistoryEntry, Loop, Membership, outbox
from heardback.store.bulk import insert_rows
from heardback.store.chunks import in_chunks

LONDON = ZoneInfo("Europe/London")
Joins = Mapping[str, Sequence[tuple[str, date]]]


@dataclass(frozen=True)
class Actor:
    """Who moves a loop: a name that stands in the history for ever, and the role they act in."""

    name: str
    role: Role


SYSTEM = Actor("heardback", Role.SYSTEM)


@dataclass(frozen=True)
class Opening:
    """A loop to be opened: its first comment, and the way in (`open`, `open_withheld`, …) that screening chose."""

    service_code: str
    channel: str
    heard_on: date
    comment_uid: str
    move: str = "open"
    details: Mapping[str, Any] = field(default_factory=dict)
    on: date | None = None  # the day from which the comment is in this loop, where it was in another before

    @property
    def opened_on(self) -> date:
        """The day on which the loop begins."""
        return self.on or self.heard_on


class Ledger:
    """Moves made by one actor at one instant, inside the caller's transaction.

    `at` is when a move is recorded; `on` is the day it took effect, which may be earlier (people were told on
    Tuesday and it was written down on Friday) and never later.
    """

    def __init__(self, session: Session, actor: Actor, at: datetime) -> None:
        self._session, self._actor, self._at = session, actor, at
        self._locked: ChainHead | None = None
        self._held: dict[str, Loop] = {}  # the session itself forgets what nobody holds, and would read it again

    @property
    def at(self) -> datetime:
        """The instant at which its moves are recorded."""
        return self._at

    def open(self, openings: Sequence[Opening]) -> list[str]:
        """Open a loop for each; returns their numbers (`L-0001`, …) in the same order."""
        head = self._head()
        numbers = range(head.loops_opened + 1, head.loops_opened + 1 + len(openings))
        loop_uids = [f"L-{number:04d}" for number in numbers]
        made = self._made(openings)
        rows = [_new_loop(*row) for row in zip(loop_uids, openings, made, strict=True)]
        if rows:
            insert_rows(self._session, Loop, rows)
            insert_rows(self._session, Membership, [_member(*pair) for pair in zip(loop_uids, openings, strict=True)])
            self._append(head, [_opened(row, opening) for row, opening in zip(rows, openings, strict=True)])
            head.loops_opened += len(rows)
            outbox.record(self._session, _alarms(loop_uids, openings), self._at)
        return loop_uids

    def join(self, joins: Joins) -> None:
        """Add voices to open loops: for each loop, the comments that say the same and the days they were heard."""
        self._hold(list(joins))
        members: list[dict[str, Any]] = []
        entries: list[dict[str, Any]] = []
        for loop_uid, voices in joins.items():
            loop = self._loop(loop_uid)
            days = [day for _, day in voices]
            loop.heard_from, loop.heard_to = min(loop.heard_from, *days), max(loop.heard_to, *days)
            loop.voices += len(voices)
            members += [{"comment_uid": uid, "loop_uid": loop_uid, "joined_on": day} for uid, day in voices]
            by_policy = {"linked_by_policy": True} if loop.state == LoopState.MATCHED else {}
            entries.append(self._move(loop, "join", max(days), "", {"voices": len(voices), **by_policy}))
        if entries:
            insert_rows(self._session, Membership, members)
            with self._session.no_autoflush:
                self._append(self._head(), entries)

    def move(
        self,
        loop_uid: str,
        name: str,
        *,
        on: date | None = None,
        reason: str = "",
        version: int | None = None,
        **details: Any,
    ) -> Loop:
        """Make one move of the table. Raises NotFound, StaleVersion, or MoveRefused with what would be allowed."""
        loop = self._loop(loop_uid)
        if version is not None and loop.version != version:
            raise StaleVersion(
                f"{loop_uid} has moved since: it is {loop.state} (version {loop.version}, not {version})",
                do=f"look at it again: heardback loop show {loop_uid}",
            )
        self._record(loop, name, self._day(loop, name, on), reason, details)
        return loop

    def merge(self, into: str, others: Sequence[str], *, on: date | None = None, reason: str = "") -> Loop:
        """Put the voices of other loops of the same service into one; the others end as `merged`."""
        self._hold([into, *others])
        loop = self._loop(into)
        for other in (self._loop(loop_uid) for loop_uid in dict.fromkeys(others) if loop_uid != into):
            if other.service_code != loop.service_code:
                raise MoveRefused(f"{other.loop_uid} belongs to {other.service_code}, {into} to {loop.service_code}")
            if other.kept_from_service != loop.kept_from_service:
                raise MoveRefused(f"{other.loop_uid} and {into} are not for the same people to see")
            day = max(self._day(other, "merge", on), self._day(loop, "absorb", on))
            voices = other.voices
            self._record(other, "merge", day, reason, {"into": into})
            self._carry(other.loop_uid, into, day, None)
            loop.voices += voices
            loop.heard_from, loop.heard_to = min(loop.heard_from, other.heard_from), max(loop.heard_to, other.heard_to)
            self._record(loop, "absorb", day, reason, {"from": other.loop_uid, "voices": voices})
        return loop

    def split(self, loop_uid: str, comments: Sequence[str], *, reason: str = "") -> str:
        """Give some of a loop's comments a loop of their own; returns its number. At least one must stay."""
        loop = self._loop(loop_uid)
        check_move("split", LoopState(loop.state), self._actor.role, {"into": "new"})
        present = set(self._session.scalars(_members(loop_uid)))
        if not comments or not set(comments) < present:
            raise MoveRefused(f"{len(comments)} of {len(present)} comments cannot be split off", where=loop_uid)
        day = self._at.astimezone(LONDON).date()
        came_from = {"split_from": loop_uid} | ({"about_staff": True} if loop.kept_from_service else {})
        first = Opening(loop.service_code, loop.channel, loop.heard_from, comments[0], details=came_from, on=day)
        self._leave(loop_uid, comments, day)
        (new,) = self.open([first])
        rest = [{"comment_uid": uid, "loop_uid": new, "joined_on": day} for uid in comments[1:]]
        if rest:
            self._session.execute(insert(Membership), rest)
        self._loop(new).voices = len(comments)
        loop.voices -= len(comments)
        self._record(loop, "split", day, reason, {"into": new, "voices": len(comments)})
        return new

    def _record(self, loop: Loop, name: str, on: date, reason: str, details: Mapping[str, Any]) -> None:
        entry = self._move(loop, name, on, reason, details)
        with self._session.no_autoflush:  # the loop's row is written once, after its last move
            self._append(self._head(), [entry])
            outbox.record(self._session, _news(loop, name, details), self._at)

    def _move(self, loop: Loop, name: str, on: date, reason: str, details: Mapping[str, Any]) -> dict[str, Any]:
        """Change the loop's row as the table of moves says; returns the entry that the history must have of it."""
        given = {"reason": reason, **details}
        move = check_move(name, LoopState(loop.state), self._actor.role, given)
        before = loop.state
        for column, value in effects_of(name, given, on).items():
            setattr(loop, column, value)
        if move.target and move.target != before:
            loop.state, loop.moved_on = move.target, on
        loop.version += 1
        return _entry(loop.loop_uid, loop.version, name, before, loop.state, on, reason, dict(details))

    def _append(self, head: ChainHead, entries: Sequence[dict[str, Any]]) -> None:
        signed = {"actor": self._actor.name, "role": self._actor.role, "at": self._at}
        for sequence, entry in enumerate(entries, head.sequence + 1):
            entry |= {"sequence": sequence, **signed}
        hashes = chain(head.hash, entries)
        for entry, before, own in zip(entries, [head.hash, *hashes], hashes, strict=False):
            entry |= {"previous_hash": before, "hash": own}
        insert_rows(self._session, HistoryEntry, entries)
        head.sequence, head.hash = head.sequence + len(entries), hashes[-1]

    def _made(self, openings: Sequence[Opening]) -> list[dict[str, Any]]:
        """What each opening makes of a blank loop: checked and worked out once for all that are alike."""
        known: dict[object, dict[str, Any]] = {}
        made = []
        for opening in openings:
            key = (opening.move, opening.opened_on, repr(opening.details))
            if key not in known:
                move = check_move(opening.move, None, self._actor.role, opening.details)
                effects = effects_of(opening.move, opening.details, opening.opened_on)
                known[key] = {**BLANK, **effects, "state": move.target or LoopState.HEARD, "version": 1, "voices": 1}
            made.append(known[key])
        return made

    def _head(self) -> ChainHead:
        # The row's lock makes writers queue here, so that no two entries can claim the same place in the chain.
        if self._locked is None:
            self._locked = self._session.get_one(ChainHead, 1, with_for_update=True)
        return self._locked

    def _loop(self, loop_uid: str) -> Loop:
        if loop_uid not in self._held:
            loop = self._session.get(Loop, loop_uid, with_for_update=True)
            if loop is None:
                raise NotFound(f"there is no loop {loop_uid}", do="heardback loop list")
            self._held[loop_uid] = loop
        return self._held[loop_uid]

    def _hold(self, loop_uids: Sequence[str]) -> None:
        """Lock many loops at once, always in the order of their numbers, so that no two writers wait for each other."""
        wanted = sorted(set(loop_uids) - self._held.keys())
        for chunk in in_chunks(wanted):
            query = select(Loop).where(Loop.loop_uid.in_(chunk))
            locked = query.order_by(Loop.loop_uid).with_for_update().execution_options(populate_existing=True)
            self._held |= {loop.loop_uid: loop for loop in self._session.scalars(locked)}

    def _day(self, loop: Loop, name: str, on: date | None) -> date:
        today = self._at.astimezone(LONDON).date()
        day = on or today
        if day > today:
            raise MoveRefused(f"'{name}' on {day} lies in the future", where=loop.loop_uid, do=f"{today} at the latest")
        earliest = max(loop.moved_on, loop.heard_from)
        if day < earliest:
            raise MoveRefused(
                f"'{name}' on {day} is before what came first", where=loop.loop_uid, do=f"from {earliest} on"
            )
        return day

    def _carry(self, source: str, target: str, day: date, comments: Sequence[str] | None) -> None:
        moving = comments or list(self._session.scalars(_members(source)))
        self._leave(source, moving, day)
        rows = [{"comment_uid": uid, "loop_uid": target, "joined_on": day} for uid in moving]
        self._session.execute(insert(Membership), rows)

    def _leave(self, loop_uid: str, comments: Sequence[str], day: date) -> None:
        current = (Membership.loop_uid == loop_uid) & Membership.left_on.is_(None)
        self._session.execute(
            update(Membership).where(current, Membership.comment_uid.in_(comments)).values(left_on=day)
        )


def _members(loop_uid: str) -> Any:
    return select(Membership.comment_uid).where(Membership.loop_uid == loop_uid, Membership.left_on.is_(None))


def _new_loop(loop_uid: str, opening: Opening, made: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **made,
        "loop_uid": loop_uid,
        "service_code": opening.service_code,
        "channel": opening.channel,
        "heard_from": opening.heard_on,
        "heard_to": opening.heard_on,
        "moved_on": opening.heard_on,
    }


def _member(loop_uid: str, opening: Opening) -> dict[str, Any]:
    return {"comment_uid": opening.comment_uid, "loop_uid": loop_uid, "joined_on": opening.opened_on}


def _opened(row: Mapping[str, Any], opening: Opening) -> dict[str, Any]:
    reason = str(opening.details.get("reason", ""))
    return _entry(row["loop_uid"], 1, opening.move, "", row["state"], opening.opened_on, reason, dict(opening.details))


def _entry(
    loop_uid: str, version: int, move: str, before: str, after: str, on: date, reason: str, details: dict[str, Any]
) -> dict[str, Any]:
    return {
        "loop_uid": loop_uid,
        "version": version,
        "move": move,
        "from_state": str(before),
        "to_state": str(after),
        "on_date": on,
        "reason": reason,
        "details": {key: value.isoformat() if isinstance(value, date) else value for key, value in details.items()},
    }


def _alarms(loop_uids: Sequence[str], openings: Sequence[Opening]) -> list[events.Event]:
    return [
        events.SafeguardingRaised(f"heardback.loop.{loop_uid}", int(opening.details.get("priority", 1)))
        for loop_uid, opening in zip(loop_uids, openings, strict=True)
        if opening.move == "open_withheld"
    ]


def _news(loop: Loop, name: str, details: Mapping[str, Any]) -> list[events.Event]:
    resource = f"heardback.loop.{loop.loop_uid}"
    if name == "match":
        return [events.MatchConfirmed(resource, str(details["change"]))]
    if name in ("decide", "revise"):
        return [events.LoopDecided(resource, str(details["outcome"]))]
    if name in ("tell", "tell_again"):
        return [events.LoopTold(resource, str(details["how"]))]
    if name == "withhold":
        return [events.SafeguardingRaised(resource, 1)]
    return [events.LoopReopened(resource)] if name == "reopen" else []


__all__ = ["LONDON", "OPEN", "SYSTEM", "Actor", "Ledger", "Opening"]
