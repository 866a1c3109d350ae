"""thesaurus.yaml: what a council adds to the shipped groups, and every mistake in it with its line."""

from pathlib import Path

import pytest

from config.council import read_council
from config.thesaurus import SHIPPED, Thesaurus, WordGroup, plain, read_thesaurus
from tests.council import write_council


def written(folder: Path, *lines: str) -> Path:
    (folder / "thesaurus.yaml").write_text("\n".join(lines), encoding="utf-8")
    return folder


def faults_of(folder: Path, *lines: str) -> list[str]:
    thesaurus, faults = read_thesaurus(written(folder, *lines))
    assert (thesaurus is None) == bool(faults)
    assert all(fault.file == str(folder / "thesaurus.yaml") for fault in faults)
    return [f"{fault.line}: {fault.what}" for fault in faults]


def read(folder: Path, *lines: str) -> Thesaurus:
    thesaurus, faults = read_thesaurus(written(folder, *lines) if lines else folder)
    assert faults == []
    assert thesaurus is not None
    return thesaurus


def group(thesaurus: Thesaurus, name: str) -> WordGroup:
    (found,) = [each for each in thesaurus.groups if each.name == name]
    return found


def test_the_shipped_thesaurus_is_sound_and_has_over_three_hundred_groups(tmp_path: Path) -> None:
    shipped = read(tmp_path)
    assert len(shipped.groups) >= 300
    assert all(len(each.terms) >= 2 for each in shipped.groups)
    assert {"front desk", "waiting room", "where you sign in"} <= set(group(shipped, "reception").terms)
    assert len(shipped.opposites) >= 15
    assert ("more", "less") in shipped.opposites


@pytest.mark.parametrize(
    "word",
    [
        "brew", "skint", "grub", "bare long", "aint got money", "yot officer", "senco", "iro", "ehcp", "camhs", "hoist",
        "changing places", "stay and play", "creche", "young carer", "bereavement", "birthday", "uniform", "laptop",
        "referral order", "reparation", "victim letter", "tag", "curfew", "mould", "street lights", "prayer room",
        "cornrows", "girls only", "ramp", "sleepovers", "pocket money", "setting up home grant", "easy read",
        "bus fare", "interpreter", "complaint", "you said we did", "paid for our time", "pronoun",
        "bullying", "siblings", "wifi",
    ],
)  # fmt: skip
def test_a_word_of_young_people_or_officers_has_a_group(word: str, tmp_path: Path) -> None:
    assert any(word in each.terms for each in read(tmp_path).groups)


def test_a_councils_own_group_is_added_to_the_shipped_ones(tmp_path: Path) -> None:
    shipped = read(tmp_path)
    both = read(tmp_path, "groups:", "  - {name: the Bridge project, words: [bridge club, wednesday group]}")
    assert len(both.groups) == len(shipped.groups) + 1
    assert group(both, "the Bridge project").terms == ("the bridge project", "bridge club", "wednesday group")
    assert both.opposites == shipped.opposites


def test_words_under_a_shipped_name_join_the_shipped_group(tmp_path: Path) -> None:
    shipped = read(tmp_path)
    both = read(tmp_path, "groups:", "  - {name: reception, words: [the hatch, Front Desk]}")
    assert group(both, "reception").terms == (*group(shipped, "reception").terms, "the hatch")
    assert len(both.groups) == len(shipped.groups)


def test_a_shipped_group_or_wish_that_misleads_is_left_out_with_its_opposites(tmp_path: Path) -> None:
    shipped = read(tmp_path)
    both = read(tmp_path, "leave_out: [reception, louder]")
    assert {each.name for each in shipped.groups} - {each.name for each in both.groups} == {"reception"}
    assert {each.name for each in shipped.wishes} - {each.name for each in both.wishes} == {"louder"}
    assert set(shipped.opposites) - set(both.opposites) == {("louder", "quieter")}


def test_a_council_may_add_wishes_and_set_them_against_shipped_ones(tmp_path: Path) -> None:
    both = read(
        tmp_path, "wishes:", "  - {name: pool hall, words: [pool, snooker]}", "opposites: [[pool hall, quieter]]"
    )
    assert ("pool hall", "quieter") in both.opposites


def test_every_mistake_is_told_at_once_with_its_line(tmp_path: Path) -> None:
    faults = faults_of(
        tmp_path,
        "groups:",
        "  - {name: hatch, words: [front desk, the slot]}",
        "  - {name: hatch, words: [kiosk]}",
        "  - {name: alone, words: []}",
        "  - name: tea",
        "    words: [brew,",
        "      cuppa,",
        "      Brew]",
        "  - {name: wi-fi, words: [wi fi, internet]}",
        "opposites:",
        "  - [more, cosier]",
        "  - [more, more]",
        "leave_out: [recepton]",
    )
    assert faults == [
        "3: the group 'hatch' stands twice; put its words together",
        "4: the group 'alone' has one word; it takes two to say the same",
        "8: 'Brew' stands twice in the group 'tea'; keep one",
        "9: 'wi fi' stands twice in the group 'wi-fi'; keep one",
        "11: 'cosier' is the name of none of the wishes",
        "12: 'more' cannot contradict itself",
        "13: 'recepton' is the name of no shipped group or wish",
    ]


def test_a_word_without_letters_and_a_key_that_there_is_not_are_told_with_their_lines(tmp_path: Path) -> None:
    faults = faults_of(tmp_path, "groups:", '  - {name: sad, words: [":(", down]}', "grops: []")
    assert len(faults) == 2
    assert faults[0].startswith("2: ")
    assert "holds no letter and no digit" in faults[0]
    assert faults[1] == "3: unknown key 'grops'; did you mean 'groups'?"


def test_a_pair_of_three_wishes_is_refused_at_its_line(tmp_path: Path) -> None:
    (fault,) = faults_of(tmp_path, "opposites:", "  - [more, less]", "  - [more, less, fewer]")
    assert fault.startswith("3: ")


def test_an_empty_file_adds_nothing(tmp_path: Path) -> None:
    assert read(tmp_path, "groups: []") == read(SHIPPED.parent)


def test_the_edition_differs_where_a_word_differs(tmp_path: Path) -> None:
    shipped = read(tmp_path)
    assert shipped.edition == read(SHIPPED.parent).edition
    assert shipped.edition != read(tmp_path, "groups:", "  - {name: reception, words: [the hatch]}").edition
    assert len(shipped.edition) == 12


@pytest.mark.parametrize("written_as", ["Wi-Fi", "wi fi", "WI  FI"])
def test_capitals_hyphens_and_spaces_make_no_difference(written_as: str) -> None:
    assert plain(written_as) == "wi fi"
    assert plain("Don’t") == plain("don't") == "dont"


def test_a_council_is_read_with_its_thesaurus_and_told_of_its_faults(tmp_path: Path) -> None:
    folder = write_council(tmp_path)
    council, faults = read_council(folder)
    assert council is not None
    assert len(council.thesaurus.groups) >= 300
    written(folder, "groups:", "  - {name: reception, words: [the hatch]}")
    council, faults = read_council(folder)
    assert council is not None
    assert "the hatch" in group(council.thesaurus, "reception").terms
    written(folder, "leave_out:", "  - nowhere")
    council, faults = read_council(folder)
    assert council is None
    assert [str(fault).removeprefix(f"{folder}/") for fault in faults] == [
        "thesaurus.yaml:2: 'nowhere' is the name of no shipped group or wish"
    ]
