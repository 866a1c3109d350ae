"""Any file of any valid map: every row has one fate, a second time changes nothing, and no split changes the end (G1).

rows read  =  loop + withheld + diverted + not counted + duplicate + quarantine
"""

import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as some
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from config.council import Council, read_council
from config.maps import SourceMap
from heardback.landing.account import FileReport
from heardback.landing.again import read_again
from heardback.landing.intake import Intake, take_in
from heardback.landing.source_files import land_file
from heardback.sources.connector import Fetched
from heardback.store import Choice, Comment, Loop, Membership, Pull, QuarantinedRow, Rating, Response, Revision
from heardback.store.session import open_store, reading
from tests.council import write_council
from tests.desk import problems_of
from tests.factories import NOW
from tests.landing.any_map import as_csv, maps, rows

LENIENT = {"gate": {"max_bad_share": 1, "max_vanished_share": 1}}
THOROUGH = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture],
)


@dataclass(frozen=True)
class Given:
    """A file, as a connector offers it."""

    name: str
    content: bytes

    def fetch(self) -> Fetched:
        """Its bytes."""
        return Fetched(self.content)


@dataclass(frozen=True)
class Place:
    """An empty store, and a council to pull into it."""

    intake: Intake

    def pull(self, source: SourceMap, *files: bytes) -> list[FileReport]:
        """Pull these files in their order, the last of them the newest."""
        reports = []
        for number, content in enumerate(files):
            newest = number == len(files) - 1
            land = partial(land_file, self.intake, source, newest=newest)
            drop = Given(f"{len(self.pulls()):03}.csv", content)
            reports.append(take_in(self.intake, source, drop, land, current=newest and source.mode == "snapshot"))
        return reports

    def pulls(self) -> list[Pull]:
        """Every pull on record."""
        with reading(self.intake.store) as session:
            return list(session.scalars(select(Pull)))


@pytest.fixture(autouse=True)
def _in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """A large file is mapped and landed part by part, the largest twice; here nearly every file is."""
    monkeypatch.setattr("heardback.domain.packed.AT_ONCE", 2)
    monkeypatch.setattr("heardback.landing.checked.MOST_KEPT", 0)


@pytest.fixture(scope="module")
def council(tmp_path_factory: pytest.TempPathFactory) -> Council:
    found, faults = read_council(write_council(tmp_path_factory.mktemp("council"), policy=LENIENT))
    assert found, faults
    return found


@contextmanager
def a_place(template: Path, council: Council) -> Iterator[Place]:
    with TemporaryDirectory(prefix="heardback-any-") as folder:
        shutil.copy(template, Path(folder) / "heardback.db")
        store = open_store(f"sqlite:///{folder}/heardback.db")
        yield Place(Intake(council, store, Path(folder) / "raw", Path(folder) / "validation", NOW))
        store.dispose()


def ending_of(store: Engine) -> dict[str, Any]:
    """Everything that was said and where it is, without the pull and row that brought it."""
    with reading(store) as session:

        def all_of(*columns: Any) -> Counter[Any]:
            return Counter(map(repr, session.execute(select(*columns))))

        skipped = {"received_at", "rating_id", "choice_id"}
        tables = {
            table.__name__: all_of(*(column for column in table.__table__.columns if column.name not in skipped))
            for table in (Response, Comment, Rating, Choice)
        }
        fates = all_of(Revision.response_uid, Revision.fate, Revision.reason)
        return tables | {"loops": loops_by_who_is_in_them(session), "fates": fates}


def loops_by_who_is_in_them(session: Session) -> Counter[str]:
    """Which comments share a loop, and where it stands; not its number, which goes by what was pulled together."""
    members: dict[str, list[str]] = {}
    for home in session.scalars(select(Membership)):
        members.setdefault(home.loop_uid, []).append(repr((home.comment_uid, home.joined_on, home.left_on)))
    return Counter(
        repr(
            (sorted(members[loop.loop_uid]), loop.service_code, loop.state, loop.voices, loop.heard_from, loop.heard_to)
        )
        for loop in session.scalars(select(Loop))
    )


def set_aside(store: Engine) -> Counter[str]:
    with reading(store) as session:
        found = session.scalars(select(QuarantinedRow)).all()
        return Counter(repr((sorted(row.cells.items()), sorted(row.reasons))) for row in found)


def assert_accounted_for(place: Place, reports: list[FileReport]) -> None:
    """Every row of every file that landed has one fate; of one that did not, nothing is there."""
    for report in reports:
        assert report.rows_read == sum(report.fates.values())
        event(f"status: {report.status}")
        assert report.status != "failed" or report.error
    assert problems_of(place.intake.store) == []


@THOROUGH
@given(data=some.data())
def test_rows_read_are_the_sum_of_their_fates_twice_over(
    data: some.DataObject, council: Council, sqlite_template: Path
) -> None:
    source = data.draw(maps())
    body = data.draw(rows(source))
    with a_place(sqlite_template, council) as place:
        assert_accounted_for(place, place.pull(source, as_csv(source, body)))
        once, aside = ending_of(place.intake.store), set_aside(place.intake.store)
        (again,) = place.pull(source, as_csv(source, body))
        assert again.status in ("unchanged", "failed")
        assert (ending_of(place.intake.store), set_aside(place.intake.store)) == (once, aside)
        third = place.pull(source, as_csv(source, body, blank_lines=1))  # the same rows in other bytes
        assert_accounted_for(place, third)
        if source.natural_key or source.mode == "snapshot":
            assert ending_of(place.intake.store) == once
            assert set(third[0].fates) <= {"duplicate", "quarantine"}


@THOROUGH
@given(data=some.data())
def test_a_file_in_parts_ends_as_the_file_whole(
    data: some.DataObject, council: Council, sqlite_template: Path, quick_gate: None
) -> None:
    source = data.draw(maps(mode="append"))
    # Across files an id with other answers is an edit, within one nobody can tell; so none stands with two.
    body = data.draw(rows(source, ragged=False, clashing=False))
    cuts = sorted(data.draw(some.sets(some.integers(0, len(body)), min_size=1, max_size=4)))
    parts = [body[start:end] for start, end in zip([0, *cuts], [*cuts, len(body)], strict=True)]
    with a_place(sqlite_template, council) as whole, a_place(sqlite_template, council) as split:
        one = whole.pull(source, as_csv(source, body))
        many = split.pull(source, *(as_csv(source, part, blank_lines=n) for n, part in enumerate(parts)))
        assert_accounted_for(split, many)
        assume(all(report.status == "landed" for report in [*one, *many]))
        event(f"parts: {len(parts)}, key: {len(source.natural_key)}")
        assert sum(report.rows_read for report in many) == one[0].rows_read == sum(map(any, body))
        assert ending_of(split.intake.store) == ending_of(whole.intake.store)
        assert set(set_aside(split.intake.store)) == set(set_aside(whole.intake.store))


def said_in(ending: dict[str, Any]) -> dict[str, Any]:
    """What was said and where it is, whenever it was heard."""
    return {name: ending[name] for name in ("Comment", "Rating", "Choice", "loops")}


@THOROUGH
@given(data=some.data())
def test_own_words_that_are_heard_later_end_as_if_they_had_been_heard_at_once(
    data: some.DataObject, council: Council, sqlite_template: Path, quick_gate: None
) -> None:
    source = data.draw(maps("choice"))
    body = data.draw(rows(source))
    deaf = source.model_copy(
        update={"questions": tuple(one.model_copy(update={"own_words": False}) for one in source.questions)}
    )
    with a_place(sqlite_template, council) as at_once, a_place(sqlite_template, council) as later:
        one = at_once.pull(source, as_csv(source, body))
        assume(one[0].status == "landed")
        later.pull(deaf, as_csv(source, body))
        again = read_again(later.intake, source)
        event(f"read again: {[report.status for report in again]}")
        assert_accounted_for(later, again)
        assert said_in(ending_of(later.intake.store)) == said_in(ending_of(at_once.intake.store))
        assert [report.status for report in read_again(later.intake, source)] in ([], ["unchanged"])
