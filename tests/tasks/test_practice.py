"""The practice digest: which weeks, what is in it, and that it is posted once."""

import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import yaml
from sqlalchemy import Engine, select

from heardback.domain.practice import weeks_before
from heardback.errors import NotFound
from heardback.messages.limits import check_limits
from heardback.messages.practice import PracticeSummary, practice_message
from heardback.store import Nudge
from heardback.store.session import reading, transaction
from tasks.practice import READERS, PracticeWritten, write_digest
from tests.factories import LEAD, MANAGER, a_loop
from tests.reports.pages import check_asks_for_nothing, check_is_accessible, read
from tests.tasks.answered_loops import OFFICER, an_answered_loop, move
from tests.tasks.conftest import CONFIG

FROM, DAY = date(2026, 1, 5), date(2026, 10, 1)  # the last six weeks before it are 3 August to 13 September 2026
MADE = datetime(2026, 10, 1, 6, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "first", "last"),
    [
        (date(2026, 2, 16), FROM, date(2026, 2, 15)),  # the day after six weeks is the first on which they are over
        (date(2026, 3, 29), FROM, date(2026, 2, 15)),
        (date(2026, 3, 30), date(2026, 2, 16), date(2026, 3, 29)),
    ],
)
def test_the_weeks_are_the_last_whole_six(day: date, first: date, last: date) -> None:
    weeks = weeks_before(day, FROM, 6)
    assert weeks and (weeks.first, weeks.last, weeks.label) == (first, last, first.isoformat())


def test_before_six_weeks_are_over_there_is_nothing_to_tell(sqlite_workplace: Engine, tmp_path: Path) -> None:
    assert weeks_before(date(2026, 2, 15), FROM, 6) is None
    with pytest.raises(NotFound, match="no 6 weeks are over yet"):
        write_digest(date(2026, 2, 15), str(tmp_path), MADE)
    assert sqlite_workplace.dialect.name == "sqlite"


def decided_in_august(session: object, title: str, outcome: str = "done", *approvers: object, **more: object) -> str:
    on = date(2026, 9, 10)
    decide = ("decide", {"outcome": outcome, "wording": f"We wrote of {title} to all.", "on": on, **more})
    own = ("own", {"owner": "okafor", "on": date(2026, 9, 4)})
    described = ("describe", {"title": title, "on": date(2026, 9, 5)})
    loop_uid = a_loop(session, own, described, decide)  # type: ignore[arg-type]
    for actor, approval in zip(approvers, ("identifying_details_removed", "cleared_for_disclosure"), strict=False):
        move(session, loop_uid, "approve", actor, approval=approval, on=date(2026, 9, 11))  # type: ignore[arg-type]
    return loop_uid


@pytest.fixture
def loops(sqlite_workplace: Engine) -> dict[str, str]:
    two = (MANAGER, OFFICER)
    with transaction(sqlite_workplace) as session:
        found = {
            "untold": decided_in_august(session, "Warm waiting rooms", "done", *two),
            "refused": decided_in_august(
                session, "Open the clock tower", "cannot", *two, reason="Its stairs are unsafe."
            ),
            "promised": decided_in_august(session, "A later bus", "will", *two, by_date=date(2026, 10, 20)),
            "unchecked": decided_in_august(session, "Nobody checked this"),
            "flagged": decided_in_august(session, "Behind a flag", "done", *two),
            "later": an_answered_loop(session, *two, title="Decided after the weeks"),
        }
        move(session, found["refused"], "tell", how="session", where="Orchard", on=date(2026, 9, 12))
        move(session, found["flagged"], "withhold", LEAD, reason="A concern was raised.")
    return found


def digest(folder: Path, at: datetime = MADE) -> tuple[PracticeWritten, str]:
    written = write_digest(DAY, str(folder), at)
    return written, written.paths[0].read_text("utf-8")


def test_it_tells_what_changed_what_was_refused_who_was_not_told_and_what_falls_due(
    loops: dict[str, str], tmp_path: Path
) -> None:
    written, page = digest(tmp_path)
    said = read(page).text
    assert (written.weeks, written.shown, written.unchecked) == ("3 August to 13 September 2026", 3, 1)
    for words in (
        "Practice digest, 3 August to 13 September 2026", "We wrote of Warm waiting rooms to all.",
        f"{loops['untold']} Warm waiting rooms (Youth Justice Service): decided on 10 September 2026",
        "We can’t, because: We wrote of Open the clock tower to all.", "Where people were told: Orchard",
        f"{loops['promised']} A later bus (Youth Justice Service): promised for 20 October 2026",
        "still being checked: fewer than 10.",
    ):  # fmt: skip
        assert words in said
    for words in ("Nobody checked this", "Behind a flag", "Decided after the weeks", "freezing", loops["flagged"]):
        assert words not in page
    check_is_accessible(read(page))
    check_asks_for_nothing(read(page))


def test_every_day_after_the_weeks_writes_the_same_page(
    sqlite_workplace: Engine, loops: dict[str, str], tmp_path: Path
) -> None:
    _, first = digest(tmp_path / "first")
    with transaction(sqlite_workplace) as session:
        move(session, loops["untold"], "tell", how="board", where="Marsh Lane", on=date(2026, 9, 30))
    assert digest(tmp_path / "again", MADE.replace(day=5))[1] == first


def in_a_channel(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """The sample's configuration, with a channel for practitioners."""

    place = folder / "config"
    shutil.copytree(CONFIG, place, ignore=shutil.ignore_patterns("__pycache__"))
    policy = yaml.safe_load((place / "policy.yaml").read_text("utf-8"))
    policy["report"]["practice_channel"] = "CPRACTICE"
    (place / "policy.yaml").write_text(yaml.safe_dump(policy), encoding="utf-8")
    monkeypatch.setenv("HEARDBACK_CONFIG", str(place))


def test_practitioners_are_told_once_in_their_channel_and_of_the_newest_weeks_alone(
    sqlite_workplace: Engine, loops: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert digest(tmp_path)[0].told == ""  # no channel, no message
    in_a_channel(monkeypatch, tmp_path)
    assert digest(tmp_path)[0].told == "sent"
    assert digest(tmp_path, MADE.replace(day=2))[0].told == "already_sent"
    assert digest(tmp_path, MADE.replace(month=12))[0].told == ""  # an old one, written again
    with reading(sqlite_workplace) as session:
        (claimed,) = session.scalars(select(Nudge))
    assert (claimed.kind, claimed.time_window, claimed.state) == ("practice", "2026-08-03", "sent")
    letter = (tmp_path / "home" / "outbox" / f"{claimed.nudge_uid}.json").read_text("utf-8")
    assert loops["untold"] in letter and "Nobody checked this" not in letter


def test_a_digest_of_hundreds_of_titles_fits_into_one_message() -> None:
    titles = tuple(f"L-{number:04d}, {'<&> ' * 60}" for number in range(400))
    message = practice_message(PracticeSummary("w", "weeks", titles, titles, titles), READERS, "Eastmere", "page.html")
    check_limits(message)
    assert "400 things changed" in message.text and "and 395 more" in message.text
