"""YAML as people write it: nothing coerced, every fault with its line."""

from datetime import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from yaml import safe_dump

from config.reading import Document, Fault, Knobs, read_document, read_model


class Inner(Knobs):
    count: int = 1
    words: tuple[str, ...] = ()


class Example(Knobs):
    name: str = "unnamed"
    code: str = ""
    is_partner: bool = False
    at: time = time(9, 30)
    inner: Inner = Inner()
    many: dict[str, Inner] = {}


def write(folder: Path, text: str | bytes) -> Path:
    path = folder / "example.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def faults_of(folder: Path, text: str | bytes) -> list[tuple[int, str]]:
    _, _, faults = read_model(Example, write(folder, text))
    return [(fault.line, fault.what) for fault in faults]


def test_nothing_is_coerced_before_a_model_asks(tmp_path: Path) -> None:
    text = "a: yes\nb: 0123\nc: 12:30\nd: 2026-11-10\ne: null\nf: 1e3\n"
    document = read_document(write(tmp_path, text))
    assert isinstance(document, Document)
    assert document.content == {"a": "yes", "b": "0123", "c": "12:30", "d": "2026-11-10", "e": "null", "f": "1e3"}


def test_a_model_takes_from_the_text_what_it_means(tmp_path: Path) -> None:
    text = "code: 0123\nis_partner: yes\nat: 12:30\ninner: {count: 007}\n"
    example, _, faults = read_model(Example, write(tmp_path, text))
    assert not faults
    assert example == Example(code="0123", is_partner=True, at=time(12, 30), inner=Inner(count=7))


def test_a_section_whose_lines_are_all_commented_out_keeps_its_defaults(tmp_path: Path) -> None:
    example, _, faults = read_model(Example, write(tmp_path, "inner:\n#  count: 5\nname:\n"))
    assert (example, faults) == (Example(), [])


def test_a_text_that_is_meant_to_be_empty_is_written_with_quotation_marks(tmp_path: Path) -> None:
    document = read_document(write(tmp_path, "a: ''\nb: [\"\", x]\n"))
    assert isinstance(document, Document)
    assert document.content == {"a": "", "b": ["", "x"]}


def test_an_empty_file_is_an_empty_mapping_and_a_byte_order_mark_is_no_letter(tmp_path: Path) -> None:
    assert faults_of(tmp_path, "# nothing yet\n") == []
    example, *_ = read_model(Example, write(tmp_path, b"\xef\xbb\xbfname: x\n"))
    assert example == Example(name="x")


def test_every_fault_is_told_at_once_with_its_own_line(tmp_path: Path) -> None:
    text = (
        "name: x\nis_partner: perhaps\nspelt_wrong: 1\ninner:\n  count: many\nmany:\n  one:\n    words: 3\nat: noon\n"
    )
    assert sorted(faults_of(tmp_path, text)) == [
        (2, "'is_partner': 'perhaps' should be yes or no"),
        (3, "unknown key 'spelt_wrong'; remove it or correct its spelling"),
        (5, "'inner.count': 'many' should be a whole number"),
        (8, "'many.one.words': '3' should be a list: [one, another], or lines that begin with '- '"),
        (9, "'at': 'noon' should be a time of day: 09:30"),
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("naem: x\n", "unknown key 'naem'; did you mean 'name'?"),
        ("inner: {counts: 1}\n", "unknown key 'counts'; did you mean 'count'?"),
        ("many:\n  one: {wrods: [a]}\n", "unknown key 'wrods'; did you mean 'words'?"),
        ("inner: {nmae: 1}\n", "unknown key 'nmae'; remove it or correct its spelling"),  # a key of another section
    ],
)
def test_an_unknown_key_is_told_with_the_nearest_that_may_stand_there(tmp_path: Path, text: str, told: str) -> None:
    assert [what for _, what in faults_of(tmp_path, text)] == [told]


def test_a_fault_in_a_list_is_told_at_the_line_of_its_item(tmp_path: Path) -> None:
    class Rows(Knobs):
        rows: tuple[Inner, ...]

    _, _, faults = read_model(
        Rows, write(tmp_path, "rows:\n- count: 1\n- words: [a]\n  count: x\n- {count: 1, b: 2}\n")
    )
    assert [fault.line for fault in faults] == [4, 5]


def test_a_key_that_is_missing_is_told_at_the_nearest_place_around_it(tmp_path: Path) -> None:
    class Outer(Knobs):
        people: dict[str, "Person"]

    class Person(Knobs):
        name: str

    Outer.model_rebuild(_types_namespace={"Person": Person})
    _, _, faults = read_model(Outer, write(tmp_path, "# a\npeople:\n  ana:\n    {}\n"))
    assert [(fault.line, fault.what) for fault in faults] == [(3, "'people.ana.name' is missing; add it")]


def test_a_key_that_stands_twice_is_told_at_its_second_line(tmp_path: Path) -> None:
    assert faults_of(tmp_path, "name: x\ninner:\n  count: 1\n  count: 2\n") == [
        (4, "the key 'count' stands twice; keep one")
    ]
    assert faults_of(tmp_path, "name:\nname: x\n") == [(2, "the key 'name' stands twice; keep one")]


def test_every_key_that_stands_twice_is_told_beside_what_else_is_wrong(tmp_path: Path) -> None:
    text = "name: x\nname: y\ninner:\n  count: many\n  count: 2\n  words: [a]\n  words: [b]\nextra: 1\n"
    assert faults_of(tmp_path, text) == [
        (2, "the key 'name' stands twice; keep one"),
        (4, "'inner.count': 'many' should be a whole number"),
        (5, "the key 'count' stands twice; keep one"),
        (7, "the key 'words' stands twice; keep one"),
        (8, "unknown key 'extra'; remove it or correct its spelling"),
    ]


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        ("inner:\n\tcount: 1\n", 2, "indent with spaces"),
        ("name: [a\ncode: b\n", 2, "not valid YAML"),
        ("name: 'open\n", 2, "not valid YAML"),
        ("name: x\n---\nname: y\n", 2, "another document"),
        ("name: \x00\n", 1, "control characters"),
        ("name: x: y\n", 1, "not valid YAML"),
        (b"# caf\xc3\xa9\nname: x\ncode: caf\xe9\n", 3, "save the file as UTF-8"),
        ("name: {[a, b]: 1}\n", 1, "a key is one word"),
        ("inner: &loop\n  more: *loop\n", 1, "an alias"),
        ("- a\n- b\n", 1, "'key: value' lines"),
        ("just words\n", 1, "'key: value' lines"),
    ],
)
def test_what_cannot_be_read_is_one_fault_with_its_line(
    tmp_path: Path, text: str | bytes, line: int, told: str
) -> None:
    ((found, what),) = faults_of(tmp_path, text)
    assert (found, told in what) == (line, True), what


def test_aliases_of_aliases_do_not_fill_the_memory(tmp_path: Path) -> None:
    layers = [f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]" for n in range(1, 30)]
    ((_, what),) = faults_of(tmp_path, "\n".join(["l0: &l0 [x]", *layers]))
    assert "alias" in what


def test_a_missing_file_and_a_folder_in_its_place_are_faults(tmp_path: Path) -> None:
    missing, folder = read_document(tmp_path / "no.yaml"), read_document(tmp_path)
    assert isinstance(missing, Fault)
    assert isinstance(folder, Fault)
    assert "the file is missing; `heardback init DIR`" in missing.what
    assert "cannot be read" in folder.what


def test_a_fault_reads_as_file_line_and_what() -> None:
    assert (
        str(Fault("config/policy.yaml", 7, "'x' is missing; add it")) == "config/policy.yaml:7: 'x' is missing; add it"
    )


PLAIN = st.recursive(
    st.text(st.characters(min_codepoint=32, max_codepoint=0x2FF, exclude_categories=("Cc",)), min_size=1, max_size=8),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3),
        st.dictionaries(st.text("abcdef", min_size=1, max_size=4), inner, min_size=1, max_size=3),
    ),
    max_leaves=12,
)


@settings(deadline=None)
@given(content=st.dictionaries(st.text("ghijkl", min_size=1, max_size=4), PLAIN, min_size=1, max_size=4))
def test_whatever_is_written_is_read_back_and_every_part_of_it_has_a_line(
    tmp_path_factory: pytest.TempPathFactory, content: dict[str, Any]
) -> None:
    text = safe_dump(content, allow_unicode=True)
    document = read_document(write(tmp_path_factory.mktemp("plain"), text))
    assert isinstance(document, Document)
    assert document.content == content
    lines = text.split("\n")
    for where, line in document.lines.items():
        if where and isinstance(where[-1], str):
            assert f"{where[-1]}:" in lines[line - 1]
