"""Posters and lists in other words: the version's own labels, the script set as it is written, and never a box."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pikepdf
import pytest

from config.wordings import LABELS, Version, Wording, Wordings
from heardback.errors import NotFound
from heardback.reports.in_other_words import OtherWords, write_list_in, write_posters_in
from heardback.reports.posters import write_posters
from tests.reports.test_board import ABOUT, EVERY_KIND
from tests.reports.test_documents import check_is_tagged, tags

SAYS = {"said": "قلتم", "done": "فعلنا", "will": "سنفعل", "partly": "بعضه", "cannot": "لا نستطيع", "already": "موجود",
        "because": "لأن"}  # fmt: skip
ARABIC = Version(code="ar", name="العربية", lang="ar", direction="rtl", labels=SAYS)
URDU = Version(code="ur", name="اردو", lang="ur", direction="rtl", labels=dict.fromkeys(LABELS, "کہا"))  # type: ignore[arg-type]
YOUNG = Version(code="8-11", name="For 8 to 11 year olds")
WRITTEN = {"ar": ("الغرفة باردة", "وضعنا مدفأة"), "ur": ("کمرہ ٹھنڈا ہے", "ہیٹر لگا دیا ہے"),
           "8-11": ("It was cold.", "Now it is warm.")}  # fmt: skip
HUBS = {entry.loop_uid for entry in EVERY_KIND if entry.service == "Family Hubs"}


def words(version: str, folder: Path, loops: set[str] = HUBS) -> OtherWords:
    said, answer = WRITTEN[version]
    entries = [
        Wording(loop=entry.loop_uid, version=version, decided_on=entry.decided_on, said=said, answer=answer,
                approved_by=("amira", "ben"), since=date(2026, 1, 1))
        for entry in EVERY_KIND if entry.loop_uid in loops and entry.decided_on
    ]  # fmt: skip
    wordings = Wordings(versions=(ARABIC, URDU, YOUNG), entries=tuple(entries))
    return OtherWords(version, wordings, ABOUT.council, ABOUT.as_of, folder / "fonts")


def title_of(path: Path) -> str:
    with pikepdf.open(path) as pdf:
        return str(pdf.docinfo["/Title"])


def labels_on(path: Path, lang: str) -> list[str]:
    """The label of each field of each answer: the words of the sign that stands before it."""
    check_is_tagged(path, lang)
    with pikepdf.open(path) as pdf:
        return [str(tag.Alt) for tag in tags(pdf.Root.StructTreeRoot) if tag.S == "/Figure"]


def test_a_poster_in_arabic_has_the_languages_own_headings_and_names_its_language(tmp_path: Path) -> None:
    (path,) = write_posters_in(tmp_path, EVERY_KIND, words("ar", tmp_path))
    assert path.name == "poster-family-hubs-ar.pdf"
    assert title_of(path) == "قلتم · فعلنا"
    assert sorted(labels_on(path, "ar")) == sorted(["قلتم", "لا نستطيع", "قلتم", "موجود"])


def test_an_age_band_keeps_the_boards_english_and_only_what_is_written_in_it(tmp_path: Path) -> None:
    one = min(HUBS)
    (path,) = write_posters_in(tmp_path, EVERY_KIND, words("8-11", tmp_path, {one}))
    assert title_of(path) == "You said, we did"
    assert labels_on(path, "en-GB") == ["You said", "We can’t, because"]


def test_letters_that_no_font_has_are_an_error_that_names_the_language_and_no_poster(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"every letter of اردو \(ur\)") as refused:
        write_posters_in(tmp_path, EVERY_KIND, words("ur", tmp_path))
    assert refused.value.where == str(tmp_path / "fonts")
    assert refused.value.__cause__ is None and refused.value.__context__ is None
    assert list(tmp_path.iterdir()) == []


def test_an_answer_that_may_not_be_published_is_on_no_poster_in_any_words(tmp_path: Path) -> None:
    flagged = [replace(entry, flagged=True) for entry in EVERY_KIND]
    assert write_posters_in(tmp_path, flagged, words("ar", tmp_path)) == []
    assert write_list_in(tmp_path, "forum", "Parents' forum", flagged, words("ar", tmp_path)) == []


def test_a_groups_list_in_other_words_is_one_document_of_its_answers(tmp_path: Path) -> None:
    (path,) = write_list_in(tmp_path, "forum", "Parents' forum", EVERY_KIND, words("ar", tmp_path))
    assert path.name == "told-back-forum-ar.pdf"
    assert labels_on(path, "ar").count("قلتم") == len(HUBS)
    with pikepdf.open(path) as pdf:
        assert [round(float(side)) for side in pdf.pages[0].MediaBox] == [0, 0, 595, 842]  # A4


def test_a_council_that_lays_a_font_beside_its_words_changes_no_other_poster(tmp_path: Path) -> None:
    before = [path.read_bytes() for path in write_posters(tmp_path / "a", EVERY_KIND, ABOUT)]
    (tmp_path / "fonts").mkdir()
    assert [path.read_bytes() for path in write_posters(tmp_path / "b", EVERY_KIND, ABOUT)] == before
