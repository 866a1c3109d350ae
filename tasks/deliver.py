"""One claimed message on its way: looked for where in doubt, sent once, by another way where one fails for good."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from time import sleep
from typing import TypeVar

from heardback.domain.alerts import KIND as ALERT
from heardback.domain.events import DeliveryRefused
from heardback.errors import SendFailed
from heardback.messages.message import Message, Receipt
from heardback.store import outbox
from heardback.store.bounces import comes_back
from heardback.store.deadlines import lift_mark, marked, set_mark
from heardback.store.nudges import NO_WAY_LEFT, Standing, mark, note_way
from heardback.store.session import reading, transaction
from tasks.sign_in import sign_in_link
from tasks.ways import Way, ways_to
from tasks.workplace import Workplace

LONGEST_WAIT = 60.0  # seconds; a longer one is left to the next run, before our claim looks abandoned
OURS_ALONE = frozenset({"invalid_auth", "not_authed", "token_revoked", "token_expired", "account_inactive",
                        "missing_scope", "no_permission"})  # fmt: skip
AnswerT = TypeVar("AnswerT")
CAME_BACK = SendFailed(
    "letters to this address come back", where="e-mail", do="correct it in services.yaml", permanent=True
)


@dataclass
class Delivery:
    """One run's sending. `shut` are the ways that do not let us in: they are not asked again for every person."""

    work: Workplace
    shut: set[str] = field(default_factory=set)

    def deliver(
        self, recipient: str, message: Message, standing: Standing, at: datetime, *, urgent: bool = False,
        ways: Sequence[Way] = (),
    ) -> str:  # fmt: skip
        """Send one message whose claim is ours; returns `sent`, `failed` or `unknown`, and so it is on record.

        One of unknown fate is looked for first and never blindly repeated (G4). No transaction is open meanwhile.
        `ways` are those of a channel, where it is not for a person. What is `urgent` goes every way at once that it
        takes until one says yes: better twice than not at all (G5).
        """
        known = ways or ways_to(self.work, self.work.council.directory.people[recipient])
        ways = _from([way for way in known if not self._comes_back(way, at)], standing.via)
        # A way is noted before it is tried: where none is, nobody has, and to look is caution after a long absence.
        if standing.word == "unknown" and ways and (standing.via or ways[0].has_history):
            settled = self._looked_for(ways[0], message, at)
            if settled:
                return settled
        failure: SendFailed | None = None if ways else CAME_BACK
        for way in ways:
            outcome, failure = self._try(way, recipient, message, standing, at)
            if outcome and not (urgent and outcome != "sent" and way is not ways[-1]):
                return outcome
        return self._mark(message.nudge_uid, NO_WAY_LEFT, "failed", at, error=failure)

    def _comes_back(self, way: Way, at: datetime) -> bool:
        with reading(self.work.store) as session:
            return way.name == "email" and comes_back(session, way.address, at)

    def _looked_for(self, way: Way, message: Message, at: datetime) -> str:
        try:
            found = way.sender.find(way.address, message.nudge_uid)
        except SendFailed as failure:
            self.note(failure, way, at)
            return self._mark(message.nudge_uid, way.name, "unknown", at, error=failure)  # nobody can say: not again
        return self._mark(message.nudge_uid, way.name, "sent", at, receipt=found) if found else ""

    def _try(
        self, way: Way, recipient: str, message: Message, standing: Standing, at: datetime
    ) -> tuple[str, SendFailed | None]:
        """One way: what became of it, or '' where the next is to be tried."""
        uid, is_patient = message.nudge_uid, standing.attempts + 1 < self.work.council.policy.nudge.fall_back_after
        if way.name in self.shut:
            failure = SendFailed(f"{way.name} does not let us in", where=way.name, do="heardback status")
            return self._mark(uid, way.name, "failed", at, error=failure) if is_patient else "", failure
        with transaction(self.work.store) as session:
            note_way(session, uid, way.name)
        try:
            ours = self._for(way, recipient, message, at)
            receipt = patiently(lambda: way.sender.send(ours, way.address))
        except SendFailed as error:
            failure = error
        else:
            return self._mark(uid, way.name, "sent", at, receipt=receipt), None
        self.note(failure, way, at)
        if failure.fate_unknown:
            return self._mark(uid, way.name, "unknown", at, error=failure), failure
        is_for_good = failure.permanent and failure.code not in OURS_ALONE
        if is_patient and not is_for_good:
            return self._mark(uid, way.name, "failed", at, error=failure), failure
        return "", failure

    def _for(self, way: Way, recipient: str, message: Message, at: datetime) -> Message:
        page = "safeguarding" if message.kind == ALERT else ""
        link = "" if way.has_buttons else sign_in_link(self.work, recipient, message.nudge_uid, at, page)
        return replace(message, sign_in=link) if link else message

    def note(self, failure: SendFailed, way: Way, at: datetime) -> None:
        """One alarm for whoever runs this, and not one for every message (fault 13)."""
        if failure.code not in OURS_ALONE:
            return
        self.shut.add(way.name)
        with transaction(self.work.store) as session:
            if marked(session, _alarm(way)) is None:
                set_mark(session, _alarm(way), at)
                outbox.record(session, [DeliveryRefused(f"heardback.delivery.{way.name}", way.name)], at)

    def _mark(
        self, uid: str, way: str, outcome: str, at: datetime, *,
        receipt: Receipt | None = None, error: SendFailed | None = None,
    ) -> str:  # fmt: skip
        channel, ts = (receipt.channel, receipt.ts) if receipt else ("", "")
        with transaction(self.work.store) as session:
            mark(session, uid, outcome, channel, ts, str(error or ""), at)
            note_way(session, uid, way)
            if outcome == "sent":
                lift_mark(session, f"refused: {way}")
        return outcome


def _alarm(way: Way) -> str:
    return f"refused: {way.name}"


def _from(ways: Sequence[Way], via: str) -> Sequence[Way]:
    """From the way that was tried last; from the first where none was, or where every way had failed."""
    names = [way.name for way in ways]
    return ways[names.index(via) :] if via in names else ways


def patiently(ask: Callable[[], AnswerT], wait: Callable[[float], None] = sleep) -> AnswerT:
    """Ask, once more where Slack asks for a short wait: it has taken nothing then. Raises SendFailed."""
    try:
        return ask()
    except SendFailed as failure:
        if failure.retry_after is None or failure.retry_after > LONGEST_WAIT:
            raise
        wait(failure.retry_after)
    return ask()
