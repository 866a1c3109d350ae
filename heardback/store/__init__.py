"""Tables by noun, and the questions asked of them. Importing a table here registers it with the metadata."""

from heardback.store.access import AccessEntry, ReadingEntry
from heardback.store.base import Base
from heardback.store.changes import Change, ChangeRevision, Match
from heardback.store.erasures import Erasure, HoldEntry
from heardback.store.keys import KeyInUse
from heardback.store.loops import ChainHead, HistoryEntry, Loop, Membership
from heardback.store.messages import Nudge, NudgedLoop, OutboxEvent
from heardback.store.pulls import Pull, QuarantinedRow, QuarantineEntry, RawFile, SourceState
from heardback.store.releases import ReleaseEntry
from heardback.store.responses import Choice, Comment, Rating, Response, Revision
from heardback.store.volumes import Rhythm, VolumeAlarm

__all__ = [
    "AccessEntry",
    "Base",
    "ChainHead",
    "Change",
    "ChangeRevision",
    "Choice",
    "Comment",
    "Erasure",
    "HistoryEntry",
    "HoldEntry",
    "KeyInUse",
    "Loop",
    "Match",
    "Membership",
    "Nudge",
    "NudgedLoop",
    "OutboxEvent",
    "Pull",
    "QuarantineEntry",
    "QuarantinedRow",
    "Rating",
    "RawFile",
    "ReadingEntry",
    "ReleaseEntry",
    "Response",
    "Revision",
    "Rhythm",
    "SourceState",
    "VolumeAlarm",
]
