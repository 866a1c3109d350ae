"""From page to page: never in a circle, no answer twice, and as many as were stated."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from heardback.errors import SourceUnavailable
from heardback.sources.web.client import Page
from heardback.sources.web.paging import as_one_document, pages
from heardback.sources.web.record_pages import next_page

ADDRESS = "https://tool.example/answers?page="


def a_page(number: int, ids: list[int], total: int | None = None, following: int | None = None) -> Page:
    said = {"ids": ids, "total": total, "next": following}
    return Page(json.dumps(said).encode(), said, {}, f"{ADDRESS}{number}")


def read(*found: Page) -> list[Page]:
    by_address = {page.url: page for page in found}
    asked: list[str] = []

    def ask(url: str) -> Page:
        asked.append(url)
        assert len(asked) <= len(found)
        return by_address[url]

    def following(page: Page) -> str | None:
        return f"{ADDRESS}{page.json['next']}" if page.json["next"] else None

    def ids(page: Page) -> list[Any]:
        return list(page.json["ids"])

    return pages(found[0], following, ask, ids_of=ids, stated_of=lambda page: page.json["total"])


@given(some.lists(some.lists(some.integers(), max_size=4), min_size=1, max_size=6), some.booleans())
def test_every_page_is_read_once_where_nothing_is_wrong(sizes: list[list[int]], stated: bool) -> None:
    total, last, places = sum(map(len, sizes)), len(sizes), iter(range(1000))
    found = [
        a_page(number, [next(places) for _ in size], total if stated else None, number + 1 if number < last else None)
        for number, size in enumerate(sizes, start=1)
    ]
    assert read(*found) == found


@pytest.mark.parametrize("back", [1, 2])
def test_a_link_back_is_refused_whether_to_itself_or_to_an_earlier_page(back: int) -> None:
    with pytest.raises(SourceUnavailable, match="circle") as refused:
        read(a_page(1, [1], 2, 2), a_page(2, [2], 2, back))
    assert not refused.value.permanent
    assert "tool.example" in str(refused.value)


@pytest.mark.parametrize(
    ("totals", "given_ids"), [([3, 3], [1, 2]), ([1, 1], [1, 2]), ([3, 2], [1, 2]), ([9, 2], [1, 2])]
)
def test_totals_that_fall_or_are_not_met_are_refused(totals: list[int], given_ids: list[int]) -> None:
    with pytest.raises(SourceUnavailable, match="hands over 2"):
        read(a_page(1, given_ids[:1], totals[0], 2), a_page(2, given_ids[1:], totals[1]))


def test_answers_that_come_in_while_we_read_are_read_too() -> None:
    assert len(read(a_page(1, [1, 2], 3, 2), a_page(2, [3, 4], 4))) == 2


def test_an_answer_that_comes_twice_says_that_another_was_missed() -> None:
    """An edit moved it to the end while we read, and the answer behind it onto the page that we had read."""
    with pytest.raises(SourceUnavailable, match="1 answers came twice"):
        read(a_page(1, [1, 2], 4, 2), a_page(2, [4, 1], 4))


def test_pages_are_kept_byte_for_byte_in_one_document() -> None:
    odd = Page(b'\xef\xbb\xbf{ "a" :  1.0 }', None, {}, "")
    kept = as_one_document({"survey": [odd], "responses": [a_page(1, [7]), a_page(2, [])]})
    assert b'{ "a" :  1.0 }' in kept
    assert a_page(1, [7]).content in kept
    document = json.loads(kept)
    assert document["survey"] == [{"a": 1.0}]
    assert [page["ids"] for page in document["responses"]] == [[7], []]
    assert json.loads(as_one_document({"responses": []})) == {"responses": []}


def test_an_id_that_is_none_is_compared_like_any_other() -> None:
    odd: list[Any] = [{"a": 1}, [1], None]
    assert len(read(a_page(1, odd))) == 1
    with pytest.raises(SourceUnavailable, match="1 answers came twice"):
        read(a_page(1, [*odd, {"a": 1}]))


@pytest.mark.parametrize("link", ["http://[", "https://[::1?start=2", "next", 7, ["start=2"]])
def test_a_next_link_that_says_nothing_of_the_next_page_is_refused(link: object) -> None:
    page = Page(b"", {"next": link}, {}, f"{ADDRESS}1")
    with pytest.raises(SourceUnavailable, match="something other than its answers"):
        next_page(page, "next", ["start"])
