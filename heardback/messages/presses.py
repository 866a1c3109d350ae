"""What comes back from Slack when somebody presses a button or hands in a form, read without trusting it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

OURS = "heardback."


@dataclass(frozen=True)
class Press:
    """One press, or one form handed in. `press_uid` is the same however often Slack hands it over.

    `loops` are the loops it is about, `version` what the presser saw of the first (None where it says none), `details`
    what was chosen or written, `place` the channel and the timestamp of the message.
    """

    press_uid: str
    user: str
    action: str
    loops: tuple[str, ...]
    version: int | None = None
    details: Mapping[str, str] = field(default_factory=dict)
    place: tuple[str, str] = ("", "")
    trigger: str = ""


def read_press(payload: Mapping[str, Any]) -> Press | None:
    """The press in a payload of Slack's; None for whatever is none of ours, or cannot be read."""
    try:
        if payload.get("type") == "view_submission":
            return _form(payload)
        if payload.get("type") == "block_actions":
            return _button(payload)
    except (KeyError, TypeError, ValueError, IndexError, AttributeError):
        return None
    return None


def _button(payload: Mapping[str, Any]) -> Press | None:
    pressed = payload["actions"][0]
    action = str(pressed["action_id"])
    if not action.startswith(OURS):
        return None
    raw = str((pressed.get("selected_option") or pressed).get("value", ""))
    value = json.loads(raw) if raw.startswith("{") else {"loops": raw.split()}
    user, container = str(payload["user"]["id"]), payload.get("container") or {}
    place = (str(container.get("channel_id", "")), str(container.get("message_ts", "")))
    does = str(value.pop("does", action.removeprefix(OURS)))
    uid = _uid("button", user, action, raw, str(pressed.get("action_ts", "")), *place)
    return _press(uid, user, does, value, place, str(payload.get("trigger_id", "")))


def _form(payload: Mapping[str, Any]) -> Press | None:
    view = payload["view"]
    if not str(view["callback_id"]).startswith(OURS):
        return None
    value = json.loads(view["private_metadata"])
    filled = filled_in(view)
    user, place = str(payload["user"]["id"]), (str(value.pop("channel", "")), str(value.pop("ts", "")))
    uid = _uid("form", user, str(view["callback_id"]), str(view["id"]), json.dumps(filled, sort_keys=True))
    return _press(uid, user, str(view["callback_id"]).removeprefix(OURS), {**value, **filled}, place, "")


def _press(uid: str, user: str, action: str, value: dict[str, Any], place: tuple[str, str], trigger: str) -> Press:
    loops = tuple(str(one) for one in value.pop("loops", [])) or ((str(value.pop("loop")),) if "loop" in value else ())
    version = value.pop("version", None)
    details = {key: str(one) for key, one in value.items()}
    return Press(uid, user, action, loops, int(version) if version is not None else None, details, place, trigger)


def page_press(person: str, action: str, loop_uid: str, version: int, once: str, filled: Mapping[str, str]) -> Press:
    """What somebody asks for on a page. `once` is the page's own mark: handed in twice, a form is the same press."""
    uid = _uid("page", person, action, loop_uid, str(version), once, json.dumps(dict(filled), sort_keys=True))
    return Press(uid, person, action, (loop_uid,), version, dict(filled))


def filled_in(view: Mapping[str, Any]) -> dict[str, str]:
    """What stands in a form: block_id → text, date or chosen value; what was left empty is left out."""
    found = {}
    for name, block in view["state"]["values"].items():
        (element,) = block.values()
        chosen = (element.get("selected_option") or {}).get("value")
        said = chosen or element.get("selected_date") or element.get("value")
        if said and str(said).strip():
            found[str(name)] = str(said).strip()
    return found


def faults_in(payload: Mapping[str, Any]) -> dict[str, str]:
    """What a form still lacks, by its block: shown beside the field, before anything is looked up."""
    if payload.get("type") != "view_submission":
        return {}
    try:
        filled, action = filled_in(payload["view"]), str(payload["view"]["callback_id"]).removeprefix(OURS)
        fields = list(payload["view"]["state"]["values"])
    except (KeyError, TypeError, ValueError, AttributeError):
        return {}
    # Slack shows a fault beside a field that the form has, and nowhere else
    return {name if name in fields else str(fields[0]): said for name, said in lacks(action, filled).items()}


def lacks(action: str, filled: Mapping[str, str]) -> dict[str, str]:
    """What one field asks of another: beside which field to say what."""
    faults = {}
    if action == "reassign" and ("owner" in filled) == ("service" in filled):
        faults["owner"] = "Say whose it is: a colleague's, or another service's."
    if action != "decide":
        return faults
    if filled.get("outcome") == "cannot" and "reason" not in filled:
        faults["reason"] = "“We can't” needs its reason."
    if filled.get("outcome") == "will" and "by_date" not in filled:
        faults["by_date"] = "A promise needs its date."
    return faults


def _uid(*parts: str) -> str:
    return sha256("\n".join(parts).encode()).hexdigest()[:32]
