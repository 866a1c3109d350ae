"""Real exports of seven tools, read and mapped; every literal below was counted with the csv module alone."""

import csv
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pytest

from config.directory import Directory
from config.maps import SourceMap
from config.reading import read_model
from heardback.domain.record import Mapped
from heardback.domain.table import Table
from heardback.sources.drafting.draft import draft_map
from heardback.sources.drafting.rehearsal import check_map
from heardback.sources.folders.files import find_drops
from heardback.sources.mapping.outline import apply_map
from heardback.sources.tables.reading import read_table
from tests.checks.gated import Gated, gate
from tests.sources.samples import a_directory

HERE = Path(__file__).parent
MAPS = HERE / "maps"
FILES = HERE.parents[2] / "shared" / "data" / "real"
RECEIVED = datetime(2026, 11, 21, 22, 0, tzinfo=UTC)
SERVICES = ("cyp", "specialist", "platform", "home", "notebook", "yjs", "csu")

pytestmark = pytest.mark.skipif(
    not FILES.is_dir(), reason="the real exports are not here; they lie beside the project in shared/data/real"
)


class Taken(NamedTuple):
    table: Table
    mapped: Mapped
    gated: Gated


def the_map(name: str) -> SourceMap:
    source, _, faults = read_model(SourceMap, MAPS / f"{name}.yaml")
    assert source, [str(fault) for fault in faults]
    return source


def directory() -> Directory:
    return a_directory(*SERVICES)


@cache
def taken(name: str) -> Taken:
    """One real file through the whole path: found, read, mapped, gated."""
    source = the_map(name)
    (drop,) = find_drops(source.file, MAPS)
    table = read_table(drop.fetch().content, drop.name, source.file)
    mapped = apply_map(source, table, directory(), RECEIVED)
    gated = gate(mapped, table, source, share=0.5)
    return Taken(table, mapped, gated)


# name: rows read, blank, accepted, quarantined, comments, ratings, choices, silent rows.
# Counted by csv.reader (cp1252 for sleeping, ";" for lime-exit): records after the header rows that have any cell;
# cells that are neither blank nor a null value in the comment, rating and choice columns; rows without any such cell.
COUNTED = {
    "nhs-fft": (200, 0, 200, 0, 152, 200, 200, 0),
    "turing-citizens": (42, 0, 42, 0, 28, 0, 78, 0),
    "sleeping": (1093, 0, 1093, 0, 336, 1443, 732, 458),
    "jupyter-2015": (1706, 0, 1706, 0, 8289, 0, 1091, 614),
    "lime-exit": (4, 1, 4, 0, 5, 2, 2, 0),
    "odk-visit": (4, 0, 4, 0, 4, 3, 3, 0),
    "govuk-batch": (2, 0, 2, 0, 2, 0, 0, 0),
}


@pytest.mark.parametrize("name", COUNTED)
def test_every_row_and_every_answer_of_a_real_export_is_accounted_for(name: str) -> None:
    table, mapped, gated = taken(name)
    accepted = gated.accepted
    silent = int((accepted.responses["not_counted"] == "empty").sum())
    assert (
        table.rows_read, table.blank_rows, len(accepted.responses), len(gated.quarantined),
        len(accepted.comments), len(accepted.ratings), len(accepted.choices), silent,
    ) == COUNTED[name]  # fmt: skip
    assert table.rows_read == len(accepted.responses) + len(gated.quarantined) + len(mapped.repeats)
    assert accepted.responses["response_uid"].is_unique
    assert accepted.comments["comment_uid"].is_unique


@pytest.mark.parametrize("name", COUNTED)
def test_reading_a_real_export_twice_gives_the_same_ids(name: str) -> None:
    table, first, _ = taken(name)
    second = apply_map(the_map(name), table, directory(), RECEIVED)
    pd.testing.assert_frame_equal(first.responses, second.responses)
    pd.testing.assert_frame_equal(first.comments, second.comments)


@pytest.mark.parametrize("name", COUNTED)
def test_a_dry_run_of_a_real_export_counts_the_same_rows(name: str) -> None:
    source = the_map(name)
    (drop,) = find_drops(source.file, MAPS)
    found = check_map(source, drop.fetch().content, drop.name, directory(), RECEIVED)
    rows = dict(found["rows"])
    blank, read = rows.pop("blank"), rows.pop("read")
    assert (read, blank) == COUNTED[name][:2]
    assert sum(rows.values()) == read


@pytest.mark.parametrize(
    "path", sorted([*FILES.glob("*.[cx]*s*"), *FILES.glob("*.json"), *FILES.glob("*.zip")]), ids=lambda path: path.name
)
def test_a_draft_of_every_real_export_loads_once_its_blanks_are_filled(path: Path, tmp_path: Path) -> None:
    draft = draft_map(path.read_bytes(), path.name)
    filled = draft.replace('service: ""', "service: yjs").replace("scale: {}", "scale: {'1': 1, '5': 5}")
    written = tmp_path / "draft.yaml"
    written.write_text(filled, encoding="utf-8")
    source, _, faults = read_model(SourceMap, written)
    assert source, [str(fault) for fault in faults]
    read_table(path.read_bytes(), path.name, source.file)


def test_friends_and_family_scores_run_from_1_as_best_and_codes_off_the_scale_have_none() -> None:
    ratings = taken("nhs-fft").gated.accepted.ratings
    scored = ratings.groupby("raw_value")["score"].first()
    assert scored.drop("7").to_dict() == {"1": 1.0, "2": 0.75, "3": 0.5, "4": 0.25, "5": 0.0}
    assert ratings.loc[ratings["raw_value"] == "7", "score"].isna().sum() == 7
    assert set(ratings["direction"]) == {"lower_is_better"}


def test_friends_and_family_rows_go_to_the_service_that_their_map_names() -> None:
    responses = taken("nhs-fft").gated.accepted.responses
    assert responses["service_code"].value_counts().to_dict() == {"cyp": 155, "specialist": 45}
    assert responses["submitted_on"].iloc[0] == pd.Timestamp("2021-06-18")
    assert set(responses["date_precision"]) == {"day"}


def test_google_dates_are_read_month_first_and_both_consents_count() -> None:
    responses = taken("turing-citizens").gated.accepted.responses
    assert responses["submitted_on"].iloc[0] == pd.Timestamp("2019-08-21")
    # British Summer Time: 13:10:31 by the clock on the wall was 12:10:31 in Greenwich.
    assert responses["submitted_at"].iloc[0] == pd.Timestamp("2019-08-21 12:10:31", tz="UTC")
    assert set(responses["consent_to_publish"]) == {"yes"}


def test_google_choices_are_taken_apart_though_options_share_words() -> None:
    counts = taken("turing-citizens").gated.accepted.choices["option_code"].value_counts().to_dict()
    assert counts == {
        "autistic": 33, "parent": 17, "acquaintance": 16, "family": 6, "another": 4, "not_said": 1, "none": 1,
    }  # fmt: skip


def test_surveymonkeys_second_header_names_the_options_and_the_fall_back_is_flagged() -> None:
    table, mapped, _ = taken("sleeping")
    assert table.encoding == "cp1252"
    assert "encoding_fallback" in {note.code for note in table.notes}
    assert mapped.choices["option_code"].value_counts()["night_working_very_different_sleeping_times"] == 78
    agree = mapped.ratings[mapped.ratings["question_code"] == "agree_we_sleep_better"]
    assert agree["raw_value"].value_counts()["Strongly agree"] == 116


def test_surveygizmos_alike_rows_are_both_kept_and_its_partial_ones_told_apart() -> None:
    responses = taken("jupyter-2015").gated.accepted.responses
    assert responses["completion"].value_counts().to_dict() == {"partial": 927, "complete": 779}
    alike = responses["content_hash"].duplicated(keep=False)
    with (FILES / "surveygizmo_jupyter_2015.csv").open(encoding="utf-8", newline="") as file:
        records = list(csv.reader(file))[1:]
    raw = pd.Series([tuple(record) for record in records])
    assert alike.sum() >= raw.duplicated(keep=False).sum() == 4
    # 22:21:51 at GMT-6 is past four the next morning in Greenwich; the day stays the one that was written.
    assert responses["submitted_at"].iloc[0] == pd.Timestamp("2015-12-22 04:21:51", tz="UTC")
    assert responses["submitted_on"].iloc[0] == pd.Timestamp("2015-12-21")


def test_limesurveys_other_service_waits_in_the_unmapped_queue_and_the_repeated_hour_is_flagged() -> None:
    _, mapped, gated = taken("lime-exit")
    responses = gated.accepted.responses
    assert list(responses["service_code"]) == ["yjs", "unmapped", "csu", "unmapped"]
    assert list(responses["consent_to_publish"]) == ["yes", "no", "yes", "not_asked"]
    repeated = [note for note in mapped.notes if note.code == "repeated_hour"]
    assert [note.row_number for note in repeated] == [2]
    # LimeSurvey keeps no offset: half past one on that night is taken as British Summer Time.
    assert responses["submitted_at"].iloc[0] == pd.Timestamp("2026-10-25 00:30", tz="UTC")


def test_odk_keeps_offsets_over_both_clock_changes_and_drops_the_submitter() -> None:
    table, mapped, gated = taken("odk-visit")
    responses = gated.accepted.responses
    assert [str(moment) for moment in responses["submitted_at"]] == [
        "2026-10-25 01:30:00+00:00", "2026-04-02 09:04:00+00:00", "2026-04-01 09:04:00+00:00",
        "2026-03-29 01:03:00+00:00",
    ]  # fmt: skip
    assert [str(day.date()) for day in responses["submitted_on"]] == [
        "2026-10-25", "2026-04-02", "2026-04-01", "2026-03-29",
    ]  # fmt: skip
    assert "SubmitterName" in table.frame
    assert "SubmitterName" not in mapped.kept_columns
    everything = "".join(frame.to_csv() for frame in (responses, gated.accepted.comments, gated.accepted.choices))
    assert "admin@example.org" not in everything


def test_govuk_forms_prefix_is_taken_off_and_formulas_stay_words() -> None:
    accepted = taken("govuk-batch").gated.accepted
    assert list(accepted.comments["text"]) == ["- more seats in reception", '=HYPERLINK("http://x")']
    assert list(accepted.responses["language"]) == ["en", "cy"]
    assert list(accepted.responses["service_code"]) == ["unmapped", "unmapped"]
