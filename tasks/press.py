"""A press in Slack: who pressed, which form it opens or what it does, and what they are told (G9)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from heardback.errors import HeardbackError, StaleVersion
from heardback.messages import modals
from heardback.messages.presses import Press, read_press
from tasks.deeds import done, heirs, needs_reason, where_it_stands
from tasks.step import step
from tasks.way_in import PAGES, way_in
from tasks.workplace import Workplace, open_workplace

STRANGER = "Heardback does not know you: ask for your Slack id to be put into services.yaml."


@dataclass(frozen=True)
class Answer:
    """What to show whoever pressed: a text, or a form; `refreshes` are loops whose messages are to be written anew."""

    user: str
    place: tuple[str, str]
    text: str = ""
    form: dict[str, Any] = field(default_factory=dict)
    trigger: str = ""
    refreshes: tuple[str, ...] = ()


@step(retries=2)
def answer_press(payload: Mapping[str, Any], at: datetime) -> Answer | None:
    """Do what a press asks for, or say why not; None where it is none of ours.

    A press handed over again gives the answer of the first time and moves nothing. No version is trusted but the one
    that the presser saw; no role but the one that services.yaml gives them for this loop's service.
    """
    press = read_press(payload)
    if press is None:
        return None
    with open_workplace() as work:
        person = _presser(work, press.user)
        if person is None:
            return Answer(press.user, press.place, STRANGER)
        if press.action in PAGES:
            return Answer(press.user, press.place, way_in(work, press, person, at))
        try:
            form = _form_for(work, press)
            if form:
                return Answer(press.user, press.place, form=form, trigger=press.trigger)
            return Answer(press.user, press.place, done(work, press, person, at), refreshes=press.loops)
        except StaleVersion:
            return Answer(press.user, press.place, where_it_stands(work, press), refreshes=press.loops)
        except HeardbackError as error:
            return Answer(press.user, press.place, f"Nothing was recorded: {error.what}.")


def _presser(work: Workplace, slack: str) -> str | None:
    return next((code for code, one in work.council.directory.people.items() if slack and one.slack == slack), None)


def _form_for(work: Workplace, press: Press) -> dict[str, Any]:
    """The form that a button opens; {} where the press says all that is needed."""
    if not press.trigger:  # it is a form that was handed in
        return {}
    if press.action in ("decide", "close"):
        return modals.decision_form(press, "cannot" if press.action == "close" else "")
    if press.action == "tell":
        return modals.telling_form(press)
    if press.action == "pause":
        return modals.pause_form(press)
    if press.action in ("not_mine", "reassign"):
        return modals.reassign_form(press, *heirs(work, press.loops[0]))
    if press.action == "snooze" and needs_reason(work, press.loops[0]):
        return modals.reason_form(press, "snooze", "Not now", "Why not now? It was put off twice already.")
    return {}
