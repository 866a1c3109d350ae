"""What each move does to a loop: one rule for the row that is kept and for any past day that is rebuilt (G11)."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

Details = Mapping[str, Any]
Effects = dict[str, Any]

CLOCK = ("snoozed_until", "paused_since", "paused_until", "paused_before", "chased_until")
ANSWER = ("outcome", "wording", "decided_on", "promise_by", "promise_kept_on", "told_on", "agreed_on")
BLANK: Effects = {
    "title": "",
    "owner": "",
    "owned_on": None,
    "change_uid": "",
    "outcome": "",
    "wording": "",
    "decided_on": None,
    "promise_by": None,
    "promise_kept_on": None,
    "told_on": None,
    "agreed_on": None,
    "snoozed_until": None,
    "paused_since": None,
    "paused_until": None,
    "paused_before": 0,
    "chased_until": None,
    "kept_from_service": False,
}


def as_date(value: object) -> date | None:
    """A day as it stands in a history entry's details (ISO text), as a date; nothing stays None."""
    return date.fromisoformat(str(value)) if value else None


def _decided(details: Details, on: date) -> Effects:
    forgotten = {key: BLANK[key] for key in ANSWER}
    change = {"change_uid": details["change"]} if details.get("change") else {}
    return forgotten | change | {
        "outcome": details["outcome"],
        "wording": details["wording"],
        "decided_on": on,
        "promise_by": as_date(details.get("by_date")) if details["outcome"] == "will" else None,
    } | {key: BLANK[key] for key in CLOCK}  # fmt: skip


def _reassigned(details: Details, _: date) -> Effects:
    """To a colleague, or to another service, where nobody has heard of it: there it may climb from `until` on."""
    elsewhere = {"service_code": details["service"]} if details.get("service") else {}
    until = as_date(details.get("until")) if elsewhere else None
    return {"owner": details["owner"], "snoozed_until": None, "chased_until": until} | elsewhere


def _opened(details: Details, _: date) -> Effects:
    return {"kept_from_service": bool(details.get("about_staff"))}


EFFECTS: Mapping[str, Callable[[Details, date], Effects]] = {
    "open": _opened,
    "open_withheld": _opened,
    "keep_from_service": lambda _details, _on: {"kept_from_service": True},
    "give_to_service": lambda _details, _on: {"kept_from_service": False},
    "own": lambda details, on: {"owner": details["owner"], "owned_on": on},
    "match": lambda details, _: {"change_uid": details["change"]},
    "decide": _decided,
    "revise": _decided,
    "keep": lambda _, on: {"promise_kept_on": on},
    "tell": lambda _, on: {"told_on": on},
    "agree": lambda _, on: {"agreed_on": on},
    "reopen": lambda _details, _on: {key: BLANK[key] for key in (*ANSWER, *CLOCK)},
    "restore": lambda _details, _on: {key: BLANK[key] for key in (*ANSWER, *CLOCK)},
    "reassign": _reassigned,
    "describe": lambda details, _: {"title": details["title"]},
    "snooze": lambda details, _: {"snoozed_until": as_date(details["until"])},
    "pause": lambda details, on: {
        "paused_since": on,
        "paused_until": as_date(details["until"]),
        "paused_before": int(details.get("paused_before", 0)),
    },
    "resume": lambda _, on: {"paused_until": on},
    "chase": lambda details, _: {"chased_until": as_date(details["until"])},
}


def effects_of(move: str, details: Details, on: date) -> Effects:
    """The columns of a loop that a move sets, and their new values."""
    effect = EFFECTS.get(move)
    return effect(details, on) if effect else {}
