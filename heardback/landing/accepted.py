"""A table that was held against its contract, landing: its bad rows set aside, the others stored part by part."""

from dataclasses import dataclass, replace
from functools import cached_property

import pandas as pd
from sqlalchemy.orm import Session

from config.maps import SourceMap
from heardback.domain.lifecycle import OPEN
from heardback.domain.record import Mapped
from heardback.domain.table import told
from heardback.landing.alike import renamed, tell_apart
from heardback.landing.bad_rows import erased_rows, quarantine
from heardback.landing.batch import Arriving, Batch, Landed, Terms, arrive, land, total, with_heard_on
from heardback.landing.checked import Checked
from heardback.landing.codes import hashed_codes
from heardback.landing.concerns import concerns_in, with_wordless
from heardback.landing.edits import Untouched
from heardback.landing.intake import Intake
from heardback.landing.loops import UNANSWERED
from heardback.landing.places import Places
from heardback.landing.readers import Readers
from heardback.landing.reading import Reading, reading_of
from heardback.landing.same_records import Ids
from heardback.landing.unasked import Unasked
from heardback.landing.unsaid import Unsaid
from heardback.landing.urgent import Unheard, Urgency
from heardback.landing.volume import note_heard
from heardback.sources.folders.ordering import day_in_name
from heardback.store import Pull


@dataclass(frozen=True)
class Landing:
    """A checked table on its way in, in the caller's transaction.

    Without `revise`, what is on record stays as it is. `snapshot` says that the table is all that there is, where it is
    not the map's mode that says so. `readers` read the comments: this process, where there are none. `ids` are
    held against those on record, of a file that may have others.
    """

    intake: Intake
    session: Session
    pull: Pull
    checked: Checked
    revise: bool
    snapshot: bool | None = None
    readers: Reading | Readers | None = None
    ids: Ids | None = None

    def land(self, names: pd.Series | None = None) -> Landed:
        """Set the quarantined rows aside and land the others.

        `names` are the ids of the rows' responses (by row number), where those rows landed before.
        """
        waiting, erased = self._set_aside()
        again, names = names is not None, self._names() if names is None else names
        unasked = Unasked.of(self.checked.mapper)
        if self.revise and unasked.lost:
            present = set(self.checked.uids if names is None else names)
            unasked.require_nothing_goes(self.session, present, self._share_that_may_go(again=again))
        placed = self.checked.placed_as_on_record(self.session)
        unheard, terms = Unheard(self.source.source, self._here), self._terms(unasked, placed.places)
        parts = placed.accepted() if names is None else (renamed(part, names) for part in placed.accepted())
        arriving = (self._arriving(part, unheard) for part in parts)
        readers = self.readers or self._here
        landed = total(land(self.session, part, self.intake.at, terms) for part in readers.ahead(arriving))
        self.pull.add_notes([*told(placed.places.notes), *unheard.told()])
        return replace(landed, waiting=waiting, erased=landed.erased + erased)

    @property
    def source(self) -> SourceMap:
        """The map that the table was checked under."""
        return self.checked.mapper.source

    @property
    def _is_snapshot(self) -> bool:
        return self.source.mode == "snapshot" if self.snapshot is None else self.snapshot

    @cached_property
    def _here(self) -> Reading:
        """How this process reads, whoever reads beside it."""
        return reading_of(self.intake.council)

    def _set_aside(self) -> tuple[int, int]:
        """How many of the bad rows were set aside before, and how many are of answers that were erased."""
        bad, urgency = self.checked.held.quarantined, Urgency.of(self.checked, self._here)
        waiting = quarantine(self.session, self.source, self.pull, bad, urgency, snapshot=self._is_snapshot)
        return waiting, len(erased_rows(self.session, self.source, bad))

    def _names(self) -> pd.Series | None:
        """The ids of rows that say the same as others on record; None where each has its own."""
        if self._is_snapshot or self.source.natural_key:
            return None
        return tell_apart(self.session, self.source, self.pull, self.checked.contents, self.checked.on_record)

    def _share_that_may_go(self, *, again: bool) -> float:
        """Of the answers to a repeat that has no column: in what is read again those very columns had them."""
        if again:
            return 0.0
        return self.intake.council.policy.gate.max_vanished_share if self._is_snapshot else 1.0

    def _terms(self, unasked: Unasked, places: Places) -> Terms:
        policy = self.intake.council.policy
        return Terms(
            hold_all=(self.source.hold or policy.screening.hold) == "all",
            joinable=OPEN if policy.matching.repeats == "link" else UNANSWERED,
            untouched=Untouched(unasked.standing, frozenset(places.gone), self.intake.heard_before(self.source.source)),
        )

    def _arriving(self, accepted: Mapped, unheard: Unheard) -> Arriving:
        """What was accepted of one part of the table, on its way in."""
        codes = hashed_codes(accepted.responses["deletion_code"], self.source.source, self.intake.code_key)
        responses = with_heard_on(self._dated(accepted.responses)).assign(deletion_code=codes)
        note_heard(self.session, self.source, responses)
        raised = concerns_in(self.source, accepted.ratings, accepted.choices)
        comments = with_wordless(accepted.comments, raised)
        batch = Batch(self.pull.pull_uid, responses, comments, accepted.ratings, accepted.choices, raised)
        unsaid = Unsaid.of(self.source, self.checked.mapper.outline.placed)
        arriving = arrive(self.session, batch, self.readers or self._here, unsaid, revise=self.revise)
        if self.ids:
            self.ids.check(arriving)
        unheard.look(accepted, arriving.arrivals.landing)
        return arriving

    def _dated(self, responses: pd.DataFrame) -> pd.DataFrame:
        """Responses without a day of their own were heard by the day of the batch that brought them."""
        if not day_in_name(self.source.file, self.pull.file_name):
            return responses
        precision = responses["date_precision"].where(responses["submitted_on"].notna(), "batch")
        return responses.assign(date_precision=precision)
