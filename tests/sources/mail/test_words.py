"""Mails as people and their programs write them: the words stay, what the program put around them goes."""

from textwrap import dedent
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heardback.sources.mail.words import own_words

SAID = "Hi, the waiting room is freezing."
FOOTER = (
    "This email and any files transmitted with it are confidential and intended solely for the use of the individual "
    "or entity to whom they are addressed."
)
BANNER = (
    "CAUTION: This email originated from outside of the organisation. Do not click links or open attachments unless "
    "you recognise the sender."
)


@pytest.mark.parametrize("around", [
    "{said}",
    "\n\n{said}\n\n\n",
    "{said}\n\nSent from my iPhone",
    "{said}\nSent from my Samsung Galaxy smartphone.",
    "{said}\n\nSent from Outlook for Android",
    "{said}\n\nGet Outlook for iOS<https://aka.ms/o0ukef>",
    "{said}\n\n-- \nJo Bloggs\n07700 900123",
    "{said}\n\nOn 3 Nov 2026 at 09:12, Northmere YJS <yjs@northmere.example> wrote:\n> How was your visit?\n> Tell us.",
    "{said}\n\nOn Tue, 3 Nov 2026 at 09:12, Northmere Youth Justice Service\n<yjs@northmere.example> wrote:\n\n> How?",
    "{said}\n\nOn Tuesday 3 November 2026 at 09:12:11 GMT, YJS <yjs@northmere.example> wrote:\n\n How was your visit?",
    "> How was your visit?\n>\n>> Older\n\n{said}",
    "On 3 Nov 2026, at 09:12, YJS <yjs@northmere.example> wrote:\n>How was your visit?\n\n{said}",
    "{said}\n\n-----Original Message-----\nFrom: YJS\nSubject: Your visit\n\nHow was it?",
    "{said}\n\n---------- Forwarded message ---------\nFrom: YJS <yjs@northmere.example>\nDate: Tue\n\nHow was it?",
    "{said}\n\n____________________\nFrom: YJS <yjs@x>\nSent: 3 November 2026\nTo: Jo\nSubject: x\n\nHow was it?",
    "{said}\n\n*From:* YJS\n*Date:* Tuesday\n*To:* Jo\n\nHow was it?",
    "{said}\r\n\r\nFrom: YJS\r\nTo: Jo\r\nSent: Tuesday\r\n\r\nHow was it?",
    "{said}\n\n" + FOOTER,
    "{said}\n\n" + FOOTER + "\n\nIf you have received this email in error please notify the sender and delete it.",
    "{said}\n\nPlease consider the environment before printing this e-mail.",
    BANNER + "\n\n{said}",
    "[EXTERNAL]: This message came from outside the council. Do not open attachments; notify IT.\n\n{said}",
    "---------- Forwarded message ---------\nFrom: Jo <jo@x>\nDate: Tue\nSubject: visit\nTo: YJS\n\n{said}",
    "From: Jo Bloggs <jo@x>\nSent: Tuesday\nTo: YJS\nSubject: visit\n\n{said}",
    "Begin forwarded message:\n\n> {said}",
])  # fmt: skip
def test_what_a_program_put_around_the_words_is_taken_off(around: str) -> None:
    assert own_words(around.format(said=SAID)) == SAID


@pytest.mark.parametrize("said", [
    ">:( the room is freezing",
    ">5 people were waiting",
    "On day 2 my worker wrote:\nyou must come back",
    "On Monday I wrote:\nplease help\nand nobody did",
    "This message is intended only for my social worker, please help me",
    "This email is confidential. Please do not tell my mum.",
    "This email is confidential, please do not disclose it to my mum.",
    "Caution: the step is broken",
    "If you are not there on Monday who will be?",
    "--\nhe shouts at me",
    "Sent from my school to the wrong place, twice",
    "Sent from my house I had to walk",
    "From: me\nTo: whoever reads this",
    "From: the bus stop it is an hour. Date: every week.",
    "line one\n\nline two\n\n\tindented",
    "To be honest\nSubject: maths was the best",
    "Please notify me when the room is warm",
])  # fmt: skip
def test_what_only_looks_so_stays(said: str) -> None:
    """Alone, where a mail of which nothing would be left keeps what it has, and among other words."""
    for mail in (said, f"It is cold.\n\n{said}\n\nThat is all."):
        assert own_words(mail).split() == mail.split()


def test_words_above_and_below_a_quotation_both_stay() -> None:
    mail = dedent("""\
        Thanks for asking.

        On 3 Nov 2026 at 09:12, YJS <yjs@northmere.example> wrote:
        > Was it warm?

        No, freezing.

        > Was it clean?

        Yes.
        """)
    assert own_words(mail) == "Thanks for asking.\n\nNo, freezing.\n\nYes."


def test_a_mail_that_only_quotes_keeps_what_it_quotes() -> None:
    assert own_words("> The room is freezing\n> and dark\n") == "The room is freezing\nand dark"
    assert own_words("On 3 Nov 2026 at 09:12, Jo <jo@x> wrote:\n> The room is freezing") == "The room is freezing"


def test_what_stands_below_a_signatures_mark_stays_where_nothing_stands_above() -> None:
    assert own_words("-- \nhe shouts at me") == "he shouts at me"


def test_a_mail_that_is_all_notice_keeps_it() -> None:
    assert own_words(FOOTER) == FOOTER


@given(st.lists(st.text("abc xyz.!?'é😕", min_size=1).filter(str.strip), min_size=1, max_size=6))
def test_plain_words_are_never_lost(lines: list[str]) -> None:
    text = "\n".join(lines)
    assert own_words(text).split() == text.split()


@given(st.text())
def test_any_text_that_says_something_gives_words(text: str) -> None:
    assert bool(own_words(text)) == bool(text.strip())


@pytest.mark.parametrize("hostile", [
    "On a\n" * 40_000, "From: x\n" * 40_000, "external    " * 40_000 + "x", "On 10:10 wrote:\n" * 20_000,
    "> " * 100_000,
])  # fmt: skip
def test_a_hostile_mail_costs_no_more_than_its_length(hostile: str) -> None:
    began = process_time()
    own_words(hostile)
    assert process_time() - began < 10
