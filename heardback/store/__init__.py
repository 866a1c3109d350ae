"""Tables by noun, and the questions asked of them. Importing a table here registers it with the metadata."""

from heardback.store.access import AccessEntry, ReadingEntry
from heardback.store.base import Base
from heardback.store.changes import Change, ChangeRevision, Match
from heardback.store.columns_on_record import ColumnOnRecord
from heardback.store.erasures import Erasure, HoldEntry
from heardback.store.keys import KeyInUse
from heardback.store.loops import ChainHead, HistoryEntry, Loop, Membership
from heardback.store.meanings import LearnedJudgement, Meaning
from heardback.store.messages import Mark, MissedDeadline, Nudge, NudgedLoop, OutboxEvent, Press, SignIn
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
    "ColumnOnRecord",
    "Comment",
    "Erasure",
    "HistoryEntry",
    "HoldEntry",
    "KeyInUse",
    "LearnedJudgement",
    "Loop",
    "Mark",
    "Match",
    "Meaning",
    "Membership",
    "MissedDeadline",
    "Nudge",
    "NudgedLoop",
    "OutboxEvent",
    "Press",
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
    "SignIn",
    "SourceState",
    "VolumeAlarm",
]
