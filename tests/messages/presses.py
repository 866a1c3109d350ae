"""Interactions as Slack sends them: a button of a message that was posted, and a form that was handed in."""

import json
from itertools import count
from typing import Any

_numbers = count(1)


def pressed(post: dict[str, Any], action: str, user: str, *, choice: str = "", nth: int = 0) -> dict[str, Any]:
    """A press of the nth button with this action in a message as it stands; `choice` is an option of a menu."""
    elements = [one for block in post["blocks"] for one in block.get("elements", []) if one.get("action_id") == action]
    element, number = elements[nth], next(_numbers)
    done: dict[str, Any] = {"action_id": action, "type": element["type"], "action_ts": f"{number}.5"}
    if element["type"] == "overflow":
        (option,) = [one for one in element["options"] if json.loads(one["value"])["does"] == choice]
        done["selected_option"] = option
    else:
        done["value"] = element["value"]
    return {
        "type": "block_actions",
        "user": {"id": user},
        "trigger_id": f"{number}.trigger",
        "container": {"type": "message", "channel_id": post["channel"], "message_ts": post["ts"]},
        "actions": [done],
    }


def handed_in(form: dict[str, Any], user: str, **filled: str) -> dict[str, Any]:
    """A form with its fields filled in."""
    values = {}
    for block in (block for block in form["blocks"] if block["type"] == "input"):
        kind, said = block["element"]["type"], filled.get(block["block_id"])
        written: dict[str, Any] = {"type": kind, "value": said}
        if kind == "static_select":
            written = {"type": kind, "selected_option": {"value": said} if said else None}
        if kind == "datepicker":
            written = {"type": kind, "selected_date": said}
        values[block["block_id"]] = {block["element"]["action_id"]: written}
    view = {
        "id": f"V{next(_numbers)}",
        "callback_id": form["callback_id"],
        "private_metadata": form["private_metadata"],
        "state": {"values": values},
    }
    return {"type": "view_submission", "user": {"id": user}, "view": view}
