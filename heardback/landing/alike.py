"""Rows without an id that say the same as others: each is somebody's own answer, whichever file brought it."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace

import pandas as pd
from sqlalchemy import select
from sqlalchemy.orm import Session

from config.maps import SourceMap
from heardback.domain.record import Mapped
from heardback.sources.mapping.comments import comment_uids
from heardback.sources.mapping.keys import numbered_uids
from heardback.store import Pull, Response
from heardback.store.chunks import in_chunks
from heardback.store.pull_records import contents_of_last_landing

ENOUGH, MOST = 10, 0.9  # so many different rows, of which so many stand in a file again, are the same export
EXPORTED_AGAIN = (
    "nearly every row of the file before stands in this one too: they are taken for the same answers, exported again; "
    "write mode: snapshot in the map, or mode: append where they are other people's"
)


def tell_apart(
    session: Session, source: SourceMap, pull: Pull, contents: pd.Series, on_record: pd.Series
) -> pd.Series | None:
    """The ids of these rows (the hashes of what they say, by row number), each alike one numbered on from those on
    record; for a source without ids whose files append.

    So the answers of a file have the same ids whether it came whole or in parts, and as a snapshot would give them. A
    map that does not state its mode is taken to append, unless a file repeats the one before: then `pull` says so, and
    there are none: the rows keep theirs. `on_record` are the hashes by which the rows would be kept.
    """
    if _repeats_the_last(session, source, pull, {*contents, *on_record}):
        pull.add_note("exported_again", EXPORTED_AGAIN)
        return None
    earlier: dict[str, int] = {}
    for chunk in in_chunks(list(dict.fromkeys(contents))):
        earlier |= _on_record(session, source.source, chunk)
    place = contents.groupby(contents).cumcount() + contents.map(earlier).astype("int64")
    return numbered_uids(source.source, contents, place)


def _repeats_the_last(session: Session, source: SourceMap, pull: Pull, contents: Collection[str]) -> bool:
    if "mode" in source.model_fields_set:
        return False
    before = contents_of_last_landing(session, pull)
    return len(before) >= ENOUGH and len(before.intersection(contents)) >= MOST * len(before)


def _on_record(session: Session, source_id: str, contents: Sequence[str]) -> dict[str, int]:
    """How many responses with each content are stored. They are numbered without a gap, so nobody counts them all."""
    counts = dict.fromkeys(contents, 0)
    waiting, window = list(contents), 1
    while waiting:
        rows = pd.DataFrame(
            [(content, counts[content] + place) for content in waiting for place in range(window)],
            columns=["content", "place"],
        )
        uids = numbered_uids(source_id, rows["content"], rows["place"])
        found = Counter(rows["content"][uids.isin(_stored(session, uids.to_list()))])
        counts = {content: count + found[content] for content, count in counts.items()}
        waiting = [content for content in waiting if found[content] == window]
        window *= 8
    return counts


def _stored(session: Session, uids: Sequence[str]) -> set[str]:
    query = select(Response.response_uid)
    return {uid for chunk in in_chunks(uids) for uid in session.scalars(query.where(Response.response_uid.in_(chunk)))}


def renamed(accepted: Mapped, uids: pd.Series) -> Mapped:
    """The same with these ids (by row number) for its responses, and so for its comments."""
    responses = accepted.responses
    new = uids[responses["row_number"]].tolist()
    names = dict(zip(responses["response_uid"], new, strict=True))
    if all(old == new for old, new in names.items()):
        return accepted

    def with_names(frame: pd.DataFrame) -> pd.DataFrame:
        return frame.assign(response_uid=frame["response_uid"].map(names))

    comments = with_names(accepted.comments)
    return replace(
        accepted,
        responses=with_names(responses),
        comments=comments.assign(comment_uid=comment_uids(comments)),
        ratings=with_names(accepted.ratings),
        choices=with_names(accepted.choices),
    )
