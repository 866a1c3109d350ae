"""The page that shows messages: complete, quiet, and deaf to what is written in it."""

import re
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from heardback.messages.blocks import BoardSummary, board_summary_message, digest_message, escalation_message
from heardback.messages.message import Message, nudge_metadata
from heardback.messages.preview import mrkdwn, preview_page, web_address
from tests.nudge_makers import digest, directory, escalation, open_loop, person

PEOPLE = directory().people
VOID = {"meta", "br", "hr", "path"}


class Page(HTMLParser):
    """Tags, attributes and text of a page; fails on a tag that is not closed where it should be."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.words: list[str] = []
        self._open: list[str] = []
        self.feed(html)
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


def messages(title: str = "Later opening", link_base: str = "https://heardback.example") -> list[Message]:
    loop = open_loop(title=title, overdue_days=6)
    summary = BoardSummary("2026-10", "October 2026", "131 of 214 closed.", (("Waiting", "83"),) * 3, (loop,))
    return [
        digest_message(digest(loop, more=9), PEOPLE["amira"], "Eastmere", link_base),
        escalation_message(escalation(loop), PEOPLE["ben"], PEOPLE, "Eastmere", link_base),
        board_summary_message(summary, person("The board"), "Eastmere", link_base),
    ]


def test_the_page_shows_every_message_to_whom_it_goes_and_all_it_says() -> None:
    page = Page(preview_page(messages(), "Eastmere", "17 November 2026"))
    for words in (
        "1 digest, 1 escalation, 1 board summary", "To Amira Khan, Youth hub manager",
        "10 loops waiting for you (1 overdue)",
        "Later opening", "L-0142 · 14 people said this", "Next: decide what will happen", "Record decision", "Snooze",
        "and 9 more", "See all 10", "Why you: you are the owner's deputy", "Tell young people why?", "Open report",
        "131 of 214 closed.", "17 November 2026",
    ):  # fmt: skip
        assert words in page.text
    assert ("strong", {}) in page.tags


def test_nothing_is_fetched_from_anywhere_and_nothing_can_run() -> None:
    html = preview_page(messages())
    page = Page(html)
    assert not {"script", "link", "img", "iframe", "object", "form", "base"} & {tag for tag, _ in page.tags}
    assert not any(name.startswith("on") or name in ("src", "srcset") for _, found in page.tags for name in found)
    policy = next(found for tag, found in page.tags if tag == "meta" and "http-equiv" in found)
    assert policy["content"].startswith("default-src 'none'")
    assert not re.search(r"url\(|@import", html)


def test_a_reader_with_a_screen_reader_can_find_their_way() -> None:
    page = Page(preview_page(messages()))
    tags = [tag for tag, _ in page.tags]
    assert tags.count("h1") == tags.count("main") == tags.count("nav") == 1
    assert (tags.count("h2"), tags.count("h3")) == (3, 3)
    assert ("html", {"lang": "en-GB"}) in page.tags
    ids = [found["id"] for _, found in page.tags if "id" in found]
    assert len(ids) == len(set(ids))
    inner = [found["href"][1:] for tag, found in page.tags if tag == "a" and found["href"].startswith("#")]
    assert set(inner) <= set(ids)
    controls = [found for tag, found in page.tags if tag == "button" or found.get("class", "").startswith("button")]
    assert controls
    assert all(control["aria-label"] for control in controls)


def test_no_message_gives_a_page_that_says_so() -> None:
    page = Page(preview_page([]))
    assert "Nothing is due, so nobody would get a message." in page.text
    assert "nav" not in [tag for tag, _ in page.tags]


def test_the_same_messages_give_the_same_bytes() -> None:
    assert preview_page(messages(), "Eastmere") == preview_page(messages(), "Eastmere")


def test_a_link_that_is_no_web_address_becomes_no_link() -> None:
    assert web_address("HTTPS://heardback.example/loops") == "HTTPS://heardback.example/loops"
    assert (web_address("javascript:alert(1)"), web_address("data:text/html,x")) == ("", "")
    page = Page(preview_page(messages(link_base="javascript:alert(1)//")))
    assert all(found["href"].startswith("#") for tag, found in page.tags if tag == "a")


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("*bold* and *bolder*", "<strong>bold</strong> and <strong>bolder</strong>"),
        ("a\nb", "a<br>\nb"),
        ("*a &lt;b&gt; &amp; c*", "<strong>a &lt;b&gt; &amp; c</strong>"),
        ("<script>", "&lt;script&gt;"),
        ("2 * 3 * 4", "2 * 3 * 4"),
        ("**", "**"),
    ],
)
def test_slacks_marks_are_shown_and_everything_else_is_text(said: str, shown: str) -> None:
    assert str(mrkdwn(said)) == shown


HOSTILE = [
    "<script>alert(1)</script>",
    "{{ 7 + 7 }}{% raw %}",
    '"><img src=x onerror=alert(1)>',
    "&lt;b&gt;",
    "</style>",
]


def shape(html: str) -> list[tuple[str, list[str]]]:
    return [(tag, sorted(found)) for tag, found in Page(html).tags]


@given(title=st.sampled_from(HOSTILE) | st.text(alphabet="<>&\"'{}%#=/ax", min_size=1, max_size=60))
@settings(deadline=None, max_examples=60)
def test_nothing_written_in_a_title_changes_the_pages_make_up(title: str) -> None:
    assert shape(preview_page(messages(f"a {title}"))) == shape(preview_page(messages("a harmless title")))


def test_a_block_written_by_hand_is_shown_as_well() -> None:
    blocks: list[dict[str, Any]] = [
        {"type": "section", "text": {"type": "plain_text", "text": "*plain* <b>"}},
        {"type": "section", "fields": [{"type": "plain_text", "text": "a field"}]},
    ]
    page = Page(preview_page([Message("safeguarding", "Helen", "text", blocks, nudge_metadata("k"))]))
    assert "*plain* <b>" in page.text
    assert "a field" in page.text
    assert "safeguarding" in page.text
