"""What a message says, what can be done from it, and that no text in it can do anything by itself."""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from heardback.domain.deadlines import Step
from heardback.domain.nudging.open_loops import PossibleAnswer
from heardback.domain.nudging.plan import Rung
from heardback.errors import DeliveryError
from heardback.messages.blocks import BoardSummary, board_summary_message, digest_message, escalation_message
from heardback.messages.limits import characters, check_limits
from heardback.messages.message import Message, nudge_metadata
from tests.nudge_makers import digest, directory, escalation, open_loop, person

PEOPLE = directory().people
COUNCIL = "London Borough of Eastmere"
BASE = "https://heardback.eastmere.example/"
FIGURES = (("Closed within 20 working days", "38%"), ("Median wait", "27 working days"), ("Waiting now", "83"))
BOARD = person("Quality assurance board")


def owners(*loops: Any, more: int = 0, base: str = BASE) -> Message:
    return digest_message(digest(*loops, more=more), PEOPLE["amira"], COUNCIL, base)


def deputys(*loops: Any, more: int = 0, rung: Rung = Rung.DEPUTY) -> Message:
    return escalation_message(escalation(*loops, more=more, rung=rung), PEOPLE["ben"], PEOPLE, COUNCIL, BASE)


def boards(*loops: Any, **changes: Any) -> Message:
    fields: dict[str, Any] = {"window": "2026-10", "month": "October 2026", "sentence": "131 of 214 loops were closed."}
    summary = BoardSummary(**{**fields, "figures": FIGURES, "exceptions": loops, **changes})
    return board_summary_message(summary, BOARD, COUNCIL, BASE)


def parts(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    if isinstance(value, list):
        for inner in value:
            yield from parts(inner)


def sections(message: Message) -> list[str]:
    return [block["text"]["text"] for block in message.blocks if block["type"] == "section" and "text" in block]


def elements(message: Message) -> list[dict[str, Any]]:
    return [element for block in message.blocks if block["type"] == "actions" for element in block["elements"]]


def test_a_digest_says_how_many_wait_and_for_each_loop_what_to_do() -> None:
    message = owners(open_loop(142, overdue_days=2), open_loop(143, title="", overdue_days=-3, voices=1), more=9)
    assert message.blocks[0]["text"] == {
        "type": "plain_text", "text": "11 loops waiting for you (1 overdue)", "emoji": False
    }  # fmt: skip
    assert sections(message) == [
        (
            "*Later opening on Fridays*\nL-0142 · 14 people said this · *overdue by 2 working days*\n"
            "Next: decide what will happen, and record it"
        ),
        (
            "*L-0143, 1 comment heard 3–9 Nov*\n1 person said this · due in 3 working days, by 13 Nov\n"
            "Next: decide what will happen, and record it"
        ),
        "and 9 more",
    ]
    assert message.to == "Amira Khan, Youth hub manager"


def test_the_top_level_text_says_everything_for_notifications_and_screen_readers() -> None:
    assert owners(open_loop(142), more=1).text.splitlines() == [
        "2 loops waiting for you (1 overdue)",
        (
            "L-0142, Later opening on Fridays: 14 people said this, overdue by 2 working days. "
            "Next: decide what will happen, and record it."
        ),
        "and 1 more",
    ]


def test_nothing_overdue_is_not_mentioned_and_one_loop_is_one() -> None:
    assert owners(open_loop(overdue_days=0)).blocks[0]["text"]["text"] == "1 loop waiting for you"


def test_a_press_carries_the_loop_and_the_version_that_was_seen() -> None:
    record, queue, menu = elements(owners(open_loop(142, version=7)))
    assert (record["text"]["text"], record["action_id"]) == ("Record decision", "heardback.decide")
    assert json.loads(record["value"]) == {"loop": "L-0142", "version": 7}
    assert (queue["text"]["text"], queue["url"]) == ("Open in queue", BASE + "loops/L-0142")
    assert menu["type"] == "overflow"
    assert [option["text"]["text"] for option in menu["options"]] == ["Snooze", "Waiting for others", "Not mine"]
    assert [json.loads(option["value"])["does"] for option in menu["options"]] == ["snooze", "pause", "not_mine"]


def test_a_possible_answer_can_be_judged_where_it_stands_and_what_was_said_is_read_elsewhere() -> None:
    possible = PossibleAnswer("log:C-77", "Heaters at Marsh Lane", "the same service, and it came after")
    message = owners(open_loop(142, version=7, possible=possible))
    assert "Possible answer: *C-77, Heaters at Marsh Lane*" in sections(message)[1]
    yes, partly, no, read = elements(message)[3:]
    assert [one["text"]["text"] for one in (yes, partly, no)] == ["Yes, it answers this", "Partly", "No"]
    assert json.loads(yes["value"]) == {"loop": "L-0142", "version": 7, "change": "log:C-77"}
    assert (read["text"]["text"], read["url"]) == ("Read comments (sign in)", BASE + "loops/L-0142/words")


def test_what_is_decided_and_not_told_yet_says_so_to_eye_and_ear() -> None:
    message = owners(open_loop(next_step=Step.TELL, decided_on=date(2026, 11, 2)))
    said = "14 people said this{}decided on 2 Nov, not told yet{}"
    assert said.format(" · ", " · *overdue by 2 working days*") in sections(message)[0]
    assert said.format(", ", ", overdue by 2 working days. Next: tell people what was decided.") in message.text


@pytest.mark.parametrize(
    ("step", "label"),
    [
        (Step.OWN, "Record decision"), (Step.DECIDE, "Record decision"), (Step.TELL, "Record telling"),
        (Step.KEEP, "Record promise kept"),
    ],
)  # fmt: skip
def test_the_first_button_is_the_next_step(step: Step, label: str) -> None:
    assert elements(owners(open_loop(next_step=step)))[0]["text"]["text"] == label


def test_every_button_tells_a_screen_reader_which_loop_it_is_about() -> None:
    messages = [owners(open_loop(142, title="x" * 300), open_loop(143, title="")), deputys()]
    buttons = [element for message in messages for element in elements(message) if element["type"] == "button"]
    assert len(buttons) == 8
    assert buttons[0]["accessibility_label"] == "Record decision: L-0142, " + "x" * 49 + "…"
    assert buttons[2]["accessibility_label"] == "Record decision: L-0143, 14 comments heard 3–9 Nov"
    assert all(len(button["accessibility_label"]) <= 75 for button in buttons)


def test_without_a_web_address_no_button_is_a_link() -> None:
    message = owners(open_loop(), more=2, base="")
    assert not any("url" in part for part in parts(message.blocks))


def test_an_escalation_says_whose_it_is_what_was_tried_and_why_you() -> None:
    message = deputys(open_loop(142, overdue_days=6, reminders_sent=2))
    assert sections(message)[0].splitlines()[2:] == [
        "Owner: Amira Khan, 2 reminders sent, heard 3–9 Nov",
        "Why you: you are the owner's deputy",
    ]
    labels = [element["text"]["text"] for element in elements(message)]
    assert labels == ["I will chase this", "Reassign", "Close: cannot do", "Open in queue"]
    assert elements(message)[2]["confirm"]["text"]["text"].startswith("Tell young people why?")
    assert "Why you: you are head of the service" in deputys(rung=Rung.HEAD).text


def test_an_owner_who_is_no_longer_listed_is_called_nobody_rather_than_failing() -> None:
    message = escalation_message(escalation(), PEOPLE["ben"], {}, COUNCIL, BASE)
    assert "Owner: nobody in the directory" in message.text


def test_the_board_reads_one_sentence_three_figures_the_exceptions_and_a_link() -> None:
    loops = [open_loop(number, title=f"Need {number}", overdue_days=20 + number) for number in range(1, 8)]
    message = boards(*loops)
    assert [field["text"] for field in message.blocks[2]["fields"]] == [
        "*38%*\nClosed within 20 working days", "*27 working days*\nMedian wait", "*83*\nWaiting now"
    ]  # fmt: skip
    assert sections(message)[1].splitlines()[:2] == [
        "*7 loops on the exception list*", "• L-0001, Need 1, overdue by 21 working days"
    ]  # fmt: skip
    assert sections(message)[1].endswith("\nand 2 more")
    assert elements(message)[0]["url"] == BASE + "reports/2026-10"
    assert "Waiting now: 83." in message.text
    assert boards().blocks[3]["text"]["text"] == "*0 loops on the exception list*"


def test_the_key_travels_in_the_metadata_and_links_are_not_unfurled() -> None:
    made = digest(open_loop())
    message = digest_message(made, PEOPLE["amira"], COUNCIL, BASE)
    payload = message.payload("DAMIRA")
    assert payload["metadata"] == {"event_type": "heardback_nudge", "event_payload": {"key": made.nudge_uid}}
    assert message.nudge_uid == made.nudge_uid
    assert (payload["unfurl_links"], payload["unfurl_media"], payload["channel"]) == (False, False, "DAMIRA")
    assert "to" not in payload


HOSTILE = st.sampled_from(
    [
        "<!channel>", "<!here> now", "<@U012AB3CD>", "<#C024BE7LR>", "<https://example.org|sign in>", "*_~`>",
        "&lt;!everyone&gt;", "\u202e<\u202d!channel>", "a\n> quote", "{{ 7 * 7 }}", "<script>alert(1)</script>",
    ]
)  # fmt: skip
WORDS = HOSTILE | st.text(max_size=500) | st.text(alphabet="<>&!@#*`\n", max_size=500)


def assert_inert(message: Message) -> None:
    for part in parts(message.blocks):
        if part.get("type") == "mrkdwn":
            assert part["verbatim"] is True
            assert_escaped(part["text"])
        if part.get("type") == "plain_text":
            assert part["emoji"] is False
    assert_escaped(message.text)
    json.dumps(message.payload("D1")).encode()


def assert_escaped(text: str) -> None:
    for entity in ("&amp;", "&lt;", "&gt;"):
        text = text.replace(entity, "")
    assert not set("<>&") & set(text)


@given(words=WORDS, name=WORDS, number=st.integers(1, 20))
@settings(max_examples=150, deadline=None)  # the first use imports slack-sdk
def test_whatever_stands_in_a_title_or_a_name_is_inert_and_within_the_limits(
    words: str, name: str, number: int
) -> None:
    loops = [open_loop(position, title=words, overdue_days=6) for position in range(number)]
    someone = person("A B", words).model_copy(update={"name": name})
    people = {"amira": someone, "ben": someone}
    for message in (
        digest_message(digest(*loops, more=999), someone, name, BASE),
        escalation_message(escalation(*loops, more=999), someone, people, name, BASE),
        boards(*loops, sentence=f"Closed: {words}", month=name, figures=((words, name),) * 3),
    ):
        check_limits(message)
        assert_inert(message)


@pytest.mark.parametrize("filling", ["x", "&", "<!channel>", "é", "𝒳"])
def test_the_largest_cap_still_fits_with_the_longest_titles_and_numbers(filling: str) -> None:
    loops = [
        open_loop(
            9_999_000 + position, title=filling * 400, voices=99_999, overdue_days=-9_999, version=10**9,
            heard_from=date(2025, 12, 30), reminders_sent=999,
        )
        for position in range(20)
    ]  # fmt: skip
    owner = person(filling * 200, filling * 200)
    for message in (
        digest_message(digest(*loops, more=9_999), owner, filling * 400, BASE + "x" * 200),
        escalation_message(escalation(*loops, more=9_999), owner, {"amira": owner}, filling * 400, BASE + "x" * 200),
    ):
        assert len(message.blocks) <= 50
        assert characters(message) <= 13_200


def bare(blocks: list[dict[str, Any]], text: str = "text") -> Message:
    return Message("digest", "", text, blocks, nudge_metadata("digest-2026-W47-00"))


def said(text: str, **more: Any) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "plain_text", "text": text}, **more}


def button(**changes: Any) -> dict[str, Any]:
    return {"type": "button", "text": {"type": "plain_text", "text": "Go"}, **changes}


CONFIRM = ("title", "text", "confirm", "deny")


@pytest.mark.parametrize(
    ("message", "fault"),
    [
        (bare([said("a")] * 51), "51 blocks, at most 50"),
        (bare([said("a" * 2_600)] * 5), "13375 characters in all, at most 13200"),
        (bare([said("a" * 3_001)]), "section of 3001 characters, at most 3000"),
        (bare([said("")]), "an empty section"),
        (bare([{"type": "section", "text": {"type": "mrkdwn"}}]), "an empty section"),
        (bare([{"type": "header", "text": {"text": "a" * 151}}]), "header of 151 characters, at most 150"),
        (bare([{"type": "actions", "elements": [button()] * 26}]), "26 elements, at most 25"),
        (bare([{"type": "section", "fields": [{"text": "a"}] * 11}]), "11 fields, at most 10"),
        (bare([said("a", accessory=button(value="v" * 2_001))]), "value of 2001 characters, at most 2000"),
        (bare([said("a", accessory=button(text={"text": "b" * 76}))]), "button of 76 characters, at most 75"),
        (bare([said("a", accessory=button(accessibility_label="b" * 76))]), "accessibility_label of 76"),
        (
            bare([said("a", accessory={"type": "overflow", "options": [{"text": {"text": "S"}, "value": "v" * 151}]})]),
            "value of 151 characters, at most 150",
        ),
        (
            bare([said("a", accessory=button(confirm={key: {"text": "c" * 301} for key in CONFIRM}))]),
            "confirm text of 301 characters, at most 300",
        ),
        (bare([said("a", block_id="twice"), said("b", block_id="twice")]), "a block_id stands twice"),
        (bare([said("a")], text=" "), "no top-level text"),
        (bare([said("a")], text="a" * 40_001), "top-level text of 40001 characters"),
    ],
)  # fmt: skip
def test_each_of_slacks_limits_is_found_before_slack_refuses(message: Message, fault: str) -> None:
    with pytest.raises(DeliveryError, match=fault) as caught:
        check_limits(message)
    assert caught.value.permanent
    assert caught.value.where == "digest-2026-W47-00"


def test_a_message_just_inside_every_limit_passes() -> None:
    check_limits(bare([said("a" * 2_565)] * 5))
    check_limits(bare([said("a")] * 50))
