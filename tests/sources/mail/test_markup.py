"""Mails in HTML, as Outlook, Gmail and Apple Mail write them, and as somebody might to do harm."""

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heardback.sources.mail.markup import text_of_markup
from heardback.sources.mail.words import own_words


@pytest.mark.parametrize(("markup", "text"), [
    ("<p>The room is <b>freezing</b>.</p><p>Really.</p>", "The room is freezing.\n\nReally."),
    ("<div>one</div><div>two<br>three</div>", "one\ntwo\nthree"),
    ("a&nbsp;&amp;&#8217;b &lt;3", "a &’b <3"),
    ("<html><head><title>Re: x</title><style>p{a>b}</style></head><body>said</body></html>", "said"),
    ("<html><head><style>p{}<body>said</body></html>", "said"),  # a head that never ends
    ("said<!-- not <b>seen</b> --> so", "said so"),
    ("<!--[if mso]><p>no</p><![endif]--><p>said</p>", "said"),
    ("<!-- never closed <p>said</p>", "<!-- never closed\n\nsaid"),
    ("<ul><li>one</li><li>two</li></ul>", "one\ntwo"),
    ("<p title='a > b'>said</p>", "said"),
    ("<p title='don>said</p>", "said"),
    ("I <3 it, 2 < 3", "I <3 it, 2 < 3"),
    ("no markup\n at all", "no markup at all"),
    ("<td>Name</td><td>Jo</td>", "Name Jo"),
    ("", ""),
])  # fmt: skip
def test_markup_becomes_the_text_that_people_see(markup: str, text: str) -> None:
    assert text_of_markup(markup) == text


def test_what_a_program_cites_is_marked_and_what_somebody_indented_is_not() -> None:
    gmail = '<div>said</div><blockquote class="gmail_quote" style="margin:0"><div>How?<br>When?</div></blockquote>after'
    assert text_of_markup(gmail) == "said\n\n> How?\n> When?\n\nafter"
    apple = "<blockquote type=cite><blockquote>deeper</blockquote>still</blockquote>mine"
    assert text_of_markup(apple).splitlines()[::2] == ["> deeper", "> still", "mine"]
    assert text_of_markup("<blockquote style='margin-left:40px'>mine</blockquote>") == "mine"


def test_outlooks_quotation_is_told_by_its_head() -> None:
    outlook = (
        "<p class=MsoNormal>The room is freezing.</p><div style='border:none;border-top:solid #E1E1E1 1.0pt'>"
        "<p><b>From:</b> YJS &lt;yjs@northmere.example&gt;<br><b>Sent:</b> 03 November 2026 09:12<br><b>To:</b> Jo<br>"
        "<b>Subject:</b> Your visit</p></div><p>How was it?</p>"
    )
    assert own_words(text_of_markup(outlook)) == "The room is freezing."


def test_gmails_signature_is_told_though_its_space_is_not_seen() -> None:
    gmail = "<div>said</div><span class=gmail_signature_prefix>-- </span><br><div>Jo Bloggs</div>"
    assert own_words(text_of_markup(gmail)) == "said"


@given(st.text())
def test_no_text_is_too_strange(markup: str) -> None:
    text_of_markup(markup)


@given(st.text("ab<>/!-'\"= pdivblockquote", max_size=60))
def test_letters_are_never_lost_for_broken_tags(markup: str) -> None:
    assert "freezing" in text_of_markup(markup.replace("<", "< ") + " freezing")


@pytest.mark.parametrize("hostile", ["<!--", "<![", "<a ", "</a ", "<?", "<a x='", "<div>", "<blockquote>\nx", "&#"])
def test_hostile_markup_costs_no_more_than_its_length(hostile: str) -> None:
    began = process_time()
    text_of_markup(hostile * 40_000)
    assert process_time() - began < 10
