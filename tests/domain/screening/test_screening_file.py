"""screening.yaml as a council edits it: a mistake is told with its line and what to do."""

from pathlib import Path

import pytest

from config.reading import read_model
from config.screening import ScreeningPhrases, phrase_fault

SHIPPED = Path(__file__).parents[3] / "config" / "screening.yaml"


def read(tmp_path: Path, *lines: str) -> list[str]:
    path = tmp_path / "screening.yaml"
    path.write_text("\n".join(['version: "1"', "disclosures:", *lines]), encoding="utf-8")
    _, _, faults = read_model(ScreeningPhrases, path)
    return [f"{fault.line}: {fault.what}" for fault in faults]


@pytest.mark.parametrize(
    "phrase", ["hits me", "suicid*", "(hits|gets at) me", "<adult> hits me", "scared ... home", "my (new)? dad", "🤷"]
)
def test_a_phrase_written_as_the_file_says_has_no_fault(phrase: str) -> None:
    assert phrase_fault(phrase) == ""


@pytest.mark.parametrize(
    ("phrase", "fault"),
    [
        ("hits|slaps me", "alternatives stand between brackets"),
        ("(hits me", "a bracket is never closed"),
        ("hits) me", "a bracket closes that was never opened"),
        ("* me", "'*' stands at the end of a word"),
        ("... home", "'...' stands between words"),
        ("^help$", "'^' means nothing in a phrase"),
    ],
)
def test_a_phrase_written_otherwise_is_refused_with_what_to_do(phrase: str, fault: str) -> None:
    assert fault in phrase_fault(phrase)


def test_a_faulty_phrase_is_named_with_its_line(tmp_path: Path) -> None:
    faults = read(tmp_path, "  - {phrase: hits me, reason: hurt}", "  - {phrase: hits|slaps me, reason: hurt}")
    assert len(faults) == 1
    assert faults[0].startswith("4: ")
    assert "between brackets" in faults[0]


def test_a_word_group_that_does_not_exist_is_named(tmp_path: Path) -> None:
    assert (
        "names a word group that does not exist: adlut" in read(tmp_path, "  - {phrase: <adlut> hits, reason: hurt}")[0]
    )


def test_the_shipped_list_has_a_version_and_many_of_everything() -> None:
    shipped, _, faults = read_model(ScreeningPhrases, SHIPPED)
    assert faults == []
    assert shipped is not None
    assert shipped.version
    assert len(shipped.disclosures) > 200
    assert len(shipped.given_names) > 500
    assert min(map(len, (shipped.complaints, shipped.non_answers, shipped.praise, shipped.harmless))) > 10
