"""What a snapshot no longer holds, and whether that is few enough to have gone, or the file is cut short."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from heardback.domain.table import nearest_header
from heardback.errors import PullRefused
from heardback.landing.checked import Checked, Mapper
from heardback.store import Response
from heardback.store.quarantine import repaired_responses

WHOLE = "check that the export is whole; if it is, raise gate.max_vanished_share in policy.yaml for this pull"
WRITE_IT = (
    "was the question renamed, or the form's language changed? Write its new header in the map (have files it under "
    "either name, `match: ^(old|new)$`), and do not raise gate.max_vanished_share: each would be heard a second time"
)


def find_vanished(session: Session, snapshot: Checked, nameless: int, max_share: float) -> list[str]:
    """Every stored response of a source that is not in a snapshot of it. Ask before anything new of it is stored.

    Any of them may be one of the `nameless` bad rows. What was repaired in quarantine may stand there as the bad row
    that it was, so it has not vanished while there are any. Raises PullRefused where more than `max_share` of what is
    stored would go (a snapshot cut short looks the same, or that of another survey), and where none is present at all.
    """
    mapper, present = snapshot.mapper, snapshot.present
    on_record = _on_record(session, mapper.source.source)
    repaired = repaired_responses(session, mapper.source.source) if snapshot.held.quarantined else set()
    vanished = sorted(on_record - present - repaired)
    gone = len(vanished) - nameless
    if vanished and (not present or gone / len(on_record) > max_share):
        what = (
            f"{len(vanished)} of {len(on_record)} responses on record are not in this snapshot; {max_share:.0%} may go"
        )
        why = _why_none_is_known(mapper)
        raise PullRefused(what + why, where=mapper.table.name, do=WRITE_IT if why else WHOLE)
    return vanished


def _on_record(session: Session, source_id: str) -> set[str]:
    stored = select(Response.response_uid).where(Response.source_id == source_id, Response.withdrawn_at.is_(None))
    return set(session.scalars(stored))


def _why_none_is_known(mapper: Mapper) -> str:
    """What a refusal adds where rows have no id, so are known by their answers, and a column of these is gone."""
    gone = [note.column for note in mapper.outline.notes if note.code == "missing_column"]
    if mapper.source.natural_key or not gone:
        return ""
    near = nearest_header(gone[0], mapper.table.columns)
    return f". Rows without an id are known by their answers, and '{gone[0]}' is not among the columns{near}"
