"""The forms that open in Slack: a decision, a telling, a reason; each knows its loop and the version that was seen."""

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from heardback.domain.words import Outcome, Telling
from heardback.messages.message import Block
from heardback.messages.parts import literal
from heardback.messages.presses import Press

if TYPE_CHECKING:
    from slack_sdk.models.blocks import InputInteractiveElement

OUTCOMES = {
    Outcome.DONE: "We did it",
    Outcome.WILL: "We will, by a date",
    Outcome.PARTLY: "Partly",
    Outcome.CANNOT: "We can't, because",
    Outcome.ALREADY: "Already in place",
}
TELLINGS = {
    Telling.BOARD: "Board",
    Telling.SESSION: "Session",
    Telling.LETTER: "Letter",
    Telling.MESSAGE: "Message",
    Telling.OTHER: "Other",
}
PLAIN = "Say it as you would to a ten-year-old. No names, nothing anybody said in confidence."
MOST_OPTIONS = 100


def decision_form(press: Press, outcome: str = "") -> dict[str, Any]:
    """Record a decision: what, in words for children, and for “we can't” the reason."""
    return _form(press, "decide", "Record a decision", [
        _select("outcome", "What was decided", {str(key): said for key, said in OUTCOMES.items()}, outcome),
        _text("wording", "What young people will read", PLAIN, lines=True),
        _date("by_date", "By when, where you promise something", optional=True),
        _text("reason", "Why, where you can't", "Needed for “We can't”. Young people may read it.", optional=True),
    ])  # fmt: skip


def telling_form(press: Press) -> dict[str, Any]:
    """Where, when and whom."""
    return _form(press, "tell", "Told back", [
        _select("how", "How were young people told?", {str(key): said for key, said in TELLINGS.items()}),
        _text("where", "Where", "For instance: the youth hub's board"),
        _text("whom", "Whom", "For instance: everybody who comes on Fridays", optional=True),
        _date("on", "On which day", optional=True),
    ])  # fmt: skip


def reason_form(press: Press, action: str, title: str, asks: str) -> dict[str, Any]:
    """A reason, and nothing else."""
    return _form(press, action, title, [_text("reason", asks, "No child's words, please.")])


def pause_form(press: Press) -> dict[str, Any]:
    """For whom it waits, and until when its clock stands."""
    return _form(press, "pause", "Waiting for others", [
        _text("reason", "For whom does it wait, and why?", "For instance: the police's panel meets in December"),
        _date("until", "Until when"),
    ])  # fmt: skip


def reassign_form(press: Press, people: Mapping[str, str], services: Mapping[str, str]) -> dict[str, Any]:
    """To whom (short name → name) or to which other service (code → name), and why."""
    asked = (("owner", "Whose is it, in this service?", people), ("service", "Or which other service's?", services))
    choices = [(name, label, dict(list(known.items())[:MOST_OPTIONS])) for name, label, known in asked if known]
    return _form(press, "reassign", "Not mine", [
        *(_select(name, label, known, optional=len(choices) > 1) for name, label, known in choices),
        _text("reason", "Why", "No child's words, please."),
    ])  # fmt: skip


def _form(press: Press, action: str, title: str, blocks: Sequence[Block]) -> dict[str, Any]:
    from slack_sdk.models.views import View

    channel, ts = press.place
    seen = {"loop": press.loops[0], "version": press.version, "channel": channel, "ts": ts}
    heading = {"type": "section", "text": literal(f"Loop {press.loops[0]}").to_dict()}
    view = View(
        type="modal",
        callback_id=f"heardback.{action}",
        title=literal(title),
        submit=literal("Save"),
        close=literal("Back"),
        private_metadata=json.dumps(seen),
        blocks=[heading, *blocks],
    )
    return view.to_dict()


def _select(name: str, label: str, choices: Mapping[str, str], chosen: str = "", *, optional: bool = False) -> Block:
    from slack_sdk.models.blocks import Option, StaticSelectElement

    options = {value: Option(text=literal(said[:75]), value=value) for value, said in choices.items()}
    element = StaticSelectElement(action_id=name, options=list(options.values()), initial_option=options.get(chosen))
    return _input(name, label, element, "", optional)


def _text(name: str, label: str, hint: str, *, lines: bool = False, optional: bool = False) -> Block:
    from slack_sdk.models.blocks import PlainTextInputElement

    return _input(name, label, PlainTextInputElement(action_id=name, multiline=lines, max_length=600), hint, optional)


def _date(name: str, label: str, *, optional: bool = False) -> Block:
    from slack_sdk.models.blocks import DatePickerElement

    return _input(name, label, DatePickerElement(action_id=name), "", optional)


def _input(name: str, label: str, element: "InputInteractiveElement", hint: str = "", optional: bool = False) -> Block:
    from slack_sdk.models.blocks import InputBlock

    said = literal(hint) if hint else None
    return InputBlock(block_id=name, label=literal(label), element=element, hint=said, optional=optional).to_dict()
