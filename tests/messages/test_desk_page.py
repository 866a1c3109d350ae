"""Whatever stands in a title, a name or a form that came back, a page is the page that it was (faults 52, 54)."""

from dataclasses import replace
from html.parser import HTMLParser

from hypothesis import given, settings
from hypothesis import strategies as st

from heardback.domain.nudging.open_loops import OpenLoop, PossibleAnswer
from heardback.messages.desk_page import Card, Reader, Returned, loop_page, loops_page, words_page
from tests.nudge_makers import open_loop

HOSTILE = st.sampled_from(
    [
        "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "' autofocus onfocus='x", "</textarea><form>",
        "<!channel>", "{{ 7 * 7 }}", "{% raw %}", "</style><style>*{display:none}", "javascript:alert(1)", "\u202e<b>",
    ]
)  # fmt: skip
WORDS = HOSTILE | st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=200)


class Shape(HTMLParser):
    """The tags of a page with their attributes' names, in their order, and the addresses that it knows."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, tuple[str, ...]]] = []
        self.addresses: list[str | None] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, tuple(name for name, _ in attributes)))
        self.addresses += [value for name, value in attributes if name in ("href", "action", "src")]


def pages(words: str) -> list[str]:
    possible = PossibleAnswer("log:77", words, words)
    loop: OpenLoop = replace(open_loop(), title=f"x{words}", possible=possible)
    reader = Reader(words, "", words, "key")
    acts = ("match", "decide", "tell", "keep", "chase", "snooze", "pause", "reassign")
    card = Card("L-0142", words, loop, words, acts, True, {"ben": words}, {"hubs": words}, True)
    returned = Returned("decide", {"wording": words, "outcome": "cannot"}, {"reason": words, "": words})
    return [
        loops_page(reader, [loop], [loop], words),
        loop_page(reader, card, returned),
        loop_page(reader, Card("L-0142", words)),
        words_page(reader, card, [words]),
    ]


@given(words=WORDS)
@settings(max_examples=40)
def test_no_words_become_a_tag_an_attribute_or_an_address(words: str) -> None:
    for page, plain in zip(pages(words), pages("plain"), strict=True):
        found, expected = Shape(page), Shape(plain)
        assert found.tags == expected.tags
        assert found.addresses == expected.addresses
