"""What has happened, in the past tense: the names, and payloads of ids and counts only (G6)."""

from dataclasses import asdict, dataclass
from typing import ClassVar


@dataclass(frozen=True)
class Event:
    """One thing that happened. `resource` is the id it is about, written `heardback.…` for Prefect."""

    name: ClassVar[str]
    resource: str

    def payload(self) -> dict[str, object]:
        """The event as plain values."""
        return asdict(self)


@dataclass(frozen=True)
class PullCompleted(Event):
    """A pull landed; its rows are accounted for."""

    name = "pull.completed"
    source: str
    rows: int


@dataclass(frozen=True)
class PullFailed(Event):
    """A pull landed nothing."""

    name = "pull.failed"
    source: str


@dataclass(frozen=True)
class SourceSilent(Event):
    """Nothing came from a source for longer than it is used to."""

    name = "source.silent"
    source: str
    days: int


@dataclass(frozen=True)
class BoxSilent(Event):
    """Nothing came from one box of a source, as its map names it, while the others went on."""

    name = "box.silent"
    source: str
    box: str
    days: int


@dataclass(frozen=True)
class SourceEmptied(Event):
    """A pull brought no row where the one before brought `rows`."""

    name = "source.emptied"
    source: str
    rows: int


@dataclass(frozen=True)
class SnapshotShortened(Event):
    """A snapshot has `rows` fewer than the one before."""

    name = "snapshot.shortened"
    source: str
    rows: int


@dataclass(frozen=True)
class CommentsLanded(Event):
    """New or changed comments opened or joined loops."""

    name = "comments.landed"
    source: str
    comments: int


@dataclass(frozen=True)
class ChangeRecorded(Event):
    """Changes were added to a register, or edited there."""

    name = "change.recorded"
    register: str
    changes: int


@dataclass(frozen=True)
class MatchProposed(Event):
    """Possible answers were found."""

    name = "match.proposed"
    matches: int


@dataclass(frozen=True)
class MatchConfirmed(Event):
    """A person said that a change answers a loop."""

    name = "match.confirmed"
    change: str


@dataclass(frozen=True)
class LoopDecided(Event):
    """An outcome was recorded."""

    name = "loop.decided"
    outcome: str


@dataclass(frozen=True)
class LoopTold(Event):
    """People were told."""

    name = "loop.told"
    how: str


@dataclass(frozen=True)
class LoopReopened(Event):
    """An answer did not hold."""

    name = "loop.reopened"


@dataclass(frozen=True)
class LoopOverdue(Event):
    """A deadline passed."""

    name = "loop.overdue"
    days: int


@dataclass(frozen=True)
class PromiseBroken(Event):
    """A promise was not kept by its date."""

    name = "promise.broken"


@dataclass(frozen=True)
class SafeguardingRaised(Event):
    """A comment was held back for a trained person to read. Nothing of it is here."""

    name = "safeguarding.raised"
    priority: int


@dataclass(frozen=True)
class DeliveryRefused(Event):
    """A way of sending (`how`: slack, email) does not let us in: told once, until it does again."""

    name = "delivery.refused"
    how: str


@dataclass(frozen=True)
class ReportPublished(Event):
    """A board pack was written."""

    name = "report.published"
    month: str


EVENTS: dict[str, type[Event]] = {event.name: event for event in Event.__subclasses__()}
