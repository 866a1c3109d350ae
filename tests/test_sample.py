"""The sample council is what its README says it is."""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path

import pandas as pd
import pytest

from config.council import read_council
from config.directory import Directory
from config.maps import SourceMap
from config.reading import read_model
from config.registers import RegisterMap, Registers
from heardback.domain.record import Mapped
from heardback.domain.table import Table
from heardback.sources.folders.files import find_drops
from heardback.sources.mapping.outline import apply_map
from heardback.sources.mapping.registers import ReadRegister, read_register
from heardback.sources.tables.reading import read_table

ROOT = Path(__file__).parent.parent
CONFIG, SAMPLE = ROOT / "config", ROOT / "sample"
PULLED = datetime(2026, 11, 21, 9, tzinfo=UTC)
FIRST, LAST = date(2025, 8, 1), date(2026, 10, 31)
Place = tuple[str, str, int, str]  # source, file, row, question


@dataclass(frozen=True)
class File:
    source: SourceMap
    table: Table
    mapped: Mapped
    digest: str


@dataclass(frozen=True)
class Sample:
    """Every file as the maps read it, and each comment once, where it first stands."""

    files: list[File]
    words: dict[Place, str] = field(default_factory=dict)
    said_on: dict[Place, date] = field(default_factory=dict)
    service: dict[Place, str] = field(default_factory=dict)

    def of(self, source: str) -> list[File]:
        return [file for file in self.files if file.source.source == source]

    def notes(self, code: str) -> set[str]:
        return {file.source.source for file in self.files if code in {note.code for note in file.mapped.notes}}

    def faults(self, code: str) -> set[str]:
        found = {(file.source.source, fault.reason_code) for file in self.files for fault in file.mapped.faults}
        return {source for source, reason in found if reason == code}


def read_sample() -> Sample:
    directory, _, faults = read_model(Directory, CONFIG / "services.yaml")
    assert directory, faults
    sample = Sample([])
    seen: set[str] = set()
    for path in sorted((CONFIG / "sources").glob("*.yaml")):
        source, _, faults = read_model(SourceMap, path)
        assert source, faults
        for drop in find_drops(source.file, CONFIG):
            content = drop.fetch().content
            table = read_table(content, drop.name, source.file)
            file = File(source, table, apply_map(source, table, directory, PULLED), sha256(content).hexdigest())
            sample.files.append(file)
            note_comments(sample, file, seen)
    return sample


def note_comments(sample: Sample, file: File, seen: set[str]) -> None:
    about = file.mapped.responses.set_index("response_uid")
    for comment in file.mapped.comments.to_dict("records"):
        if comment["comment_uid"] in seen:
            continue
        seen.add(comment["comment_uid"])
        response = about.loc[comment["response_uid"]]
        place = file.source.source, file.table.name, int(response["row_number"]), comment["question_code"]
        sample.words[place] = comment["text"]
        sample.service[place] = response["service_code"]
        if not pd.isna(response["submitted_on"]):
            sample.said_on[place] = response["submitted_on"].date()


@pytest.fixture(scope="module")
def sample() -> Sample:
    return read_sample()


@pytest.fixture(scope="module")
def registers() -> dict[str, ReadRegister]:
    """Each register as its map reads it."""
    known, _, faults = read_model(Registers, CONFIG / "changes.yaml")
    directory, _, more = read_model(Directory, CONFIG / "services.yaml")
    assert known and directory, faults + more
    return {register.code: read_one(register, directory) for register in known.registers}


def read_one(register: RegisterMap, directory: Directory) -> ReadRegister:
    (drop,) = find_drops(register.file, CONFIG)
    return read_register(register, read_table(drop.fetch().content, drop.name, register.file), directory)


@pytest.fixture(scope="module")
def changes(registers: dict[str, ReadRegister]) -> dict[str, date]:
    """The day of each change, by register:id."""
    return {
        f"{code}:{change['record_id']}": change["changed_on"].date()
        for code, read in registers.items()
        for change in read.changes.to_dict("records")
    }


def lines_of(name: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in (SAMPLE / name).read_text(encoding="utf-8").splitlines()]


def place_of(line: dict[str, object]) -> Place:
    return str(line["source"]), str(line["file"]), int(str(line["row"])), str(line["question"])


def words_only(text: str) -> list[str]:
    return re.findall(r"[\w']+", text.lower().replace("’", "'"))


def sentences(texts: Iterator[str]) -> Iterator[str]:
    for text in texts:
        for sentence in re.split(r"(?<=[.!?])\s+|\n", text):
            if len(words := words_only(sentence)) > 3:
                yield " ".join(words)


def test_it_is_as_large_as_it_says(sample: Sample, changes: dict[str, date]) -> None:
    assert len({file.source.source for file in sample.files}) == 10
    assert len({file.source.tool for file in sample.files}) == 9
    assert len(sample.words) >= 850
    assert len(changes) == 120
    assert len(lines_of("journal.jsonl")) >= 100
    assert len(lines_of("links.jsonl")) >= 300


def test_nobody_says_the_same_sentence_twice(sample: Sample) -> None:
    counts = Counter(sentences(iter(sample.words.values())))
    assert [sentence for sentence, count in counts.items() if count > 1] == []


def test_no_officer_writes_the_same_sentence_twice(registers: dict[str, ReadRegister]) -> None:
    written = (
        text
        for read in registers.values()
        for column in ("title", "you_said", "we_did", "recommendation", "action", "evidence")
        for text in read.changes[column].tolist()
    )
    counts = Counter(sentences(written))
    assert [sentence for sentence, count in counts.items() if count > 1] == []


def test_comments_are_as_short_as_comments_are(sample: Sample) -> None:
    lengths = pd.Series([len(words_only(text)) for text in sample.words.values()])
    assert 10 <= lengths.median() <= 18
    assert lengths.min() <= 1
    assert lengths.max() > 100


def test_everything_was_said_in_its_fifteen_months(sample: Sample) -> None:
    assert min(sample.said_on.values()) == FIRST
    assert max(sample.said_on.values()) <= LAST
    assert set(sample.words) == set(sample.said_on)


def test_every_service_is_spoken_of_and_some_are_unknown(sample: Sample) -> None:
    spoken_of = Counter(sample.service.values())
    assert spoken_of["unmapped"] >= 5
    assert all(spoken_of[code] >= 20 for code in ("yjs", "youth", "police", "cla", "cwd", "connexions"))
    assert set(spoken_of) == {
        "yjs", "youth", "police", "family_hubs", "social_care", "cla", "care_leavers", "cwd", "connexions", "unmapped",
    }  # fmt: skip


def test_each_link_is_between_a_comment_that_lands_and_a_change_on_or_after_it(
    sample: Sample, changes: dict[str, date]
) -> None:
    links = lines_of("links.jsonl")
    assert [link for link in links if place_of(link) not in sample.words] == []
    assert [link for link in links if str(link["change"]) not in changes] == []
    assert [link for link in links if changes[str(link["change"])] < sample.said_on[place_of(link)]] == []
    pairs = [(place_of(link), link["change"]) for link in links]
    assert len(pairs) == len(set(pairs))


def test_changes_answer_many_comments_few_or_none(changes: dict[str, date]) -> None:
    answered = Counter(str(link["change"]) for link in lines_of("links.jsonl"))
    many = sum(count >= 4 for count in answered.values())
    assert many >= 30
    assert len(answered) - many >= 15
    assert len(changes) - len(answered) >= 20


def decisions() -> list[dict[str, object]]:
    return [line for line in lines_of("journal.jsonl") if "read" not in line]


def test_each_reading_is_of_one_comment_that_lands_on_or_after_the_day_it_was_said(sample: Sample) -> None:
    readings = [line for line in lines_of("journal.jsonl") if "read" in line]
    assert {line["outcome"] for line in readings} == {"not_a_concern", "needs_no_answer"}
    places = [place_of(line["read"]) for line in readings]  # type: ignore[arg-type]
    # praise that was held back is read twice: it is no concern, and then it needs no answer
    assert len({(place, line["outcome"]) for place, line in zip(places, readings, strict=True)}) == len(readings)
    for line, place in zip(readings, places, strict=True):
        assert place in sample.words, line["on"]
        assert sample.said_on[place] <= date.fromisoformat(str(line["on"])) <= date(2026, 11, 9)
        assert line["reason"]


def test_each_decision_is_about_comments_that_land_for_one_service(sample: Sample) -> None:
    taken: set[Place] = set()
    for line in decisions():
        places = [place_of(comment) for comment in line["comments"]]  # type: ignore[attr-defined]
        assert places, line["title"]
        assert set(places) <= set(sample.words), line["title"]
        assert len({sample.service[place] for place in places}) == 1, line["title"]
        assert not taken & set(places), line["title"]
        taken |= set(places)


def test_each_decision_comes_after_what_it_is_about(sample: Sample, changes: dict[str, date]) -> None:
    for line in decisions():
        decided = date.fromisoformat(str(line["decided_on"]))
        places = [place_of(comment) for comment in line["comments"]]  # type: ignore[attr-defined]
        assert max(sample.said_on[place] for place in places) <= decided <= date(2026, 11, 9)
        assert decided.weekday() < 5, line["title"]
        if line["change"] and line["outcome"] == "done":
            assert changes[str(line["change"])] <= decided, line["title"]
        if told := line["told"]:
            assert decided <= date.fromisoformat(told["on"]) <= date(2026, 11, 9)  # type: ignore[index]


def test_decisions_say_what_their_outcome_requires() -> None:
    journal = decisions()
    assert {line["outcome"] for line in journal} == {"done", "will", "partly", "cannot", "already"}
    assert all(bool(line["by_date"]) == (line["outcome"] == "will") for line in journal)
    assert all(line["reason"] for line in journal if line["outcome"] == "cannot")
    assert all(line["outcome"] == "will" for line in journal if line["kept_on"])
    assert all(line["wording"] and line["title"] for line in journal)
    assert sum(line["told"] is not None for line in journal) > len(journal) / 2
    broken = [line for line in journal if line["by_date"] and not line["kept_on"]]
    assert [line for line in broken if str(line["by_date"]) < "2026-11-01"], "some promises are not kept"


def test_rows_that_cannot_stand_are_of_every_kind(sample: Sample) -> None:
    assert sample.faults("clashing_id") == {"yjs-reparation", "youth-boxes"}
    assert sample.faults("future_date") == sample.faults("ditto_mark") == sample.faults("footer_row") == {"youth-boxes"}
    ragged = {file.source.source for file in sample.files if file.table.broken}
    assert ragged == {"family-hubs-survey", "short-breaks"}


def test_few_rows_cannot_stand(sample: Sample) -> None:
    for file in sample.files:
        bad = len(file.mapped.faulty_rows) + len(file.table.broken)
        assert bad / file.table.rows_read <= 0.1, file.table.name


def test_troubles_that_are_put_right_or_flagged_are_there(sample: Sample) -> None:
    assert sample.notes("encoding_fallback") == {"connexions-survey"}
    assert sample.notes("off_scale") == {"youth-boxes", "detached-street"}
    assert sample.notes("sentinel_date") == {"yjs-exit"}
    assert sample.notes("illegible") == {"youth-boxes"}
    assert len(sample.notes("unknown_service")) == 8
    blank = {file.source.source for file in sample.files if file.table.blank_rows > 1}
    assert blank == {"family-hubs-survey", "care-leavers-dropin"}


def test_tests_and_forms_merely_opened_are_there(sample: Sample) -> None:
    found: dict[str, set[str]] = defaultdict(set)
    for file in sample.files:
        for kind in file.mapped.responses["not_counted"].unique():
            found[kind].add(file.source.source)
    assert found["test"] == {"family-hubs-survey", "detached-street", "connexions-survey"}
    assert {"yjs-exit", "family-hubs-survey", "connexions-survey"} <= found["empty"]


def test_one_row_stands_twice_and_two_files_were_sent_twice(sample: Sample) -> None:
    assert sum(len(file.mapped.repeats) for file in sample.files) == 1
    digests = defaultdict(list)
    for file in sample.files:
        digests[file.digest].append(file)
    again = [files for files in digests.values() if len(files) > 1]
    assert {files[0].source.source for files in again} == {"parents-tell-us", "care-leavers-dropin"}
    # The original is pulled first, so the journal's rows are found under its name.
    assert all("copy" in files[1].table.name or "resent" in files[1].table.name for files in again)


def test_the_second_snapshot_repeats_the_first_unchanged(sample: Sample) -> None:
    earlier, later = (file.mapped.responses.set_index("response_uid")["content_hash"] for file in sample.of("yjs-exit"))
    assert len(later) > len(earlier)
    assert later.loc[earlier.index].equals(earlier)


def test_a_question_was_reworded_between_two_batches(sample: Sample) -> None:
    files = sample.of("parents-tell-us")
    asked = {file.mapped.comments.query("question_code == 'change'")["question_text"].iloc[0] for file in files}
    assert asked == {"What should we change?"}
    assert len({file.mapped.responses["form_version"].iloc[0] for file in files}) == 2


def test_cells_that_look_like_formulas_are_there_as_words(sample: Sample) -> None:
    formulas = {place[0] for place, text in sample.words.items() if text[0] in "=+-@"}
    assert formulas == {"youth-boxes", "parents-tell-us", "detached-street"}
    raw = b"".join(path.read_bytes() for path in (SAMPLE / "inbox" / "parents-tell-us").glob("*.csv"))
    assert b"0x09-" in raw
    assert not any(text.startswith("0x09") for text in sample.words.values())


def test_consent_is_given_refused_and_left_blank_in_every_source(sample: Sample) -> None:
    for source in {file.source.source for file in sample.files}:
        consents = pd.concat([file.mapped.responses["consent_to_publish"] for file in sample.of(source)])
        assert set(consents) == {"yes", "no", "not_asked"}, source
        assert (consents == "yes").mean() > 0.5, source


def test_one_source_and_one_box_went_quiet(sample: Sample) -> None:
    last: dict[str, date] = {}
    for place, day in sample.said_on.items():
        last[place[0]] = max(day, last.get(place[0], FIRST))
    assert last["detached-street"] == date(2026, 7, 10)
    assert min(day for source, day in last.items() if source != "detached-street") >= date(2026, 10, 1)
    cards = pd.concat([file.mapped.responses for file in sample.of("youth-boxes")])
    boxes = cards["characteristics"].str.get("box")
    assert cards.loc[boxes == "Northgate", "submitted_on"].max() < pd.Timestamp(2026, 7, 1)


def test_no_column_is_a_surprise_to_its_map(sample: Sample) -> None:
    assert sample.notes("new_column") == set()
    assert sample.notes("missing_column") == set()
    assert sample.notes("unreadable_date") == set()


def test_numbers_and_addresses_in_it_belong_to_nobody(sample: Sample) -> None:
    everything = "\n".join(sample.words.values())
    phones = re.findall(r"(?<!\d)0\d{2,4}\s?\d{3,4}\s?\d{3,4}(?!\d)", everything)
    assert phones
    assert all(re.fullmatch(r"07700 900\d{3}|020 7946 0\d{3}", phone) for phone in phones)
    assert len(phones) == len(set(phones))
    emails = re.findall(r"[\w.+-]+@([\w.-]+\w)", everything)
    assert emails
    assert set(emails) == {"example.org"}
    postcodes = re.findall(r"\b[A-Z]{1,2}\d{1,2}\s?\d[A-Z]{2}\b", everything)
    assert postcodes
    assert all(postcode.startswith("ZZ") for postcode in postcodes)


def test_the_registers_are_read_without_a_fault(registers: dict[str, ReadRegister]) -> None:
    log, plan = registers["service-change-log"], registers["young-inspectors-action-plan"]
    assert (len(log.changes), len(plan.changes)) == (102, 18)
    assert [*log.faults, *plan.faults, *log.notes, *plan.notes] == []
    assert set(log.changes["status"]) == set(plan.changes["status"]) == {"done", "planned", "refused"}
    assert plan.changes["due_on"].notna().all()


def test_changes_are_of_every_service_and_some_serve_all(registers: dict[str, ReadRegister]) -> None:
    services = Counter(pd.concat([read.changes["service_code"] for read in registers.values()]))
    assert services["all"] == 4
    assert len(services) == 10
    assert min(services.values()) == 4


def test_the_sample_councils_configuration_has_no_fault() -> None:
    council, faults = read_council(CONFIG)
    assert faults == []
    assert council
    assert len(council.sources) == 10
    without_slack = [person for person in council.directory.people.values() if not person.slack]
    assert 2 <= len(without_slack) < len(council.directory.people) / 2
    assert [service.code for service in council.directory.services if service.partner] == ["police"]


def test_the_readme_tells_of_every_folder() -> None:
    told = (SAMPLE / "README.md").read_text(encoding="utf-8")
    folders = sorted(path.name for path in (SAMPLE / "inbox").iterdir())
    assert [folder for folder in folders if f"| `{folder}` |" not in told] == []
    assert "Everything here is invented" in told
