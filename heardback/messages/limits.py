"""Slack's limits, checked before Slack refuses: slack-sdk checks single objects, nobody checks the whole."""

from collections.abc import Iterator
from typing import Any

from heardback.errors import DeliveryError
from heardback.messages.message import Block, Message

MOST_BLOCKS = 50
MOST_CHARACTERS = 13_200
MOST_TOP_LEVEL = 40_000  # Slack cuts the rest off
PER_BLOCK = 75  # Slack adds something for each block: refused at 11,341 in 45 blocks, taken at 9,597 in 50
LIMITS = {
    "header": 150,
    "section": 3_000,
    "field": 2_000,
    "context": 2_000,
    "button": 75,
    "option": 75,
    "confirm title": 100,
    "confirm text": 300,
    "confirm confirm": 30,
    "confirm deny": 30,
}
ATTRIBUTES = {"value": 2_000, "url": 3_000, "accessibility_label": 75, "action_id": 255, "block_id": 255}
MOST_ELEMENTS, MOST_FIELDS, MOST_IN_CONTEXT, OPTION_VALUE = 25, 10, 10, 150
Text = tuple[str, str]  # where it stands, what it says


def check_limits(message: Message) -> None:
    """Raise DeliveryError (permanent) with every limit that a message breaks; nothing where it breaks none."""
    faults = [*_whole_faults(message)]
    for position, block in enumerate(message.blocks, start=1):
        faults += [f"block {position}: {fault}" for fault in _block_faults(block)]
    if faults:
        what = f"{len(faults)} of Slack's limits broken: " + "; ".join(faults)
        raise DeliveryError(what, where=message.nudge_uid, do="lower nudge.digest_cap in policy.yaml", permanent=True)


def characters(message: Message) -> int:
    """How much of Slack's total a message uses: all text in its blocks, and an allowance for each block."""
    texts = sum(len(text) for block in message.blocks for _, text in _texts(block))
    return texts + PER_BLOCK * len(message.blocks)


def _whole_faults(message: Message) -> Iterator[str]:
    if not message.text.strip():
        yield "no top-level text, so nothing for notifications and screen readers"
    if len(message.text) > MOST_TOP_LEVEL:
        yield f"top-level text of {len(message.text)} characters, at most {MOST_TOP_LEVEL}"
    if len(message.blocks) > MOST_BLOCKS:
        yield f"{len(message.blocks)} blocks, at most {MOST_BLOCKS}"
    if (total := characters(message)) > MOST_CHARACTERS:
        yield f"{total} characters in all, at most {MOST_CHARACTERS}"
    identifiers = [block["block_id"] for block in message.blocks if "block_id" in block]
    if len(identifiers) != len(set(identifiers)):
        yield "a block_id stands twice"


def _block_faults(block: Block) -> Iterator[str]:
    for kind, text in _texts(block):
        if not text:
            yield f"an empty {kind}"
        if len(text) > LIMITS[kind]:
            yield f"{kind} of {len(text)} characters, at most {LIMITS[kind]}"
    for part in _objects(block):
        yield from _attribute_faults(part)
    most = {"elements": MOST_IN_CONTEXT if block["type"] == "context" else MOST_ELEMENTS, "fields": MOST_FIELDS}
    for name, limit in most.items():
        if len(block.get(name, ())) > limit:
            yield f"{len(block[name])} {name}, at most {limit}"


def _attribute_faults(part: dict[str, Any]) -> Iterator[str]:
    for name, limit in ATTRIBUTES.items():
        is_option = name == "value" and "type" not in part  # of all parts that have a value, options alone have no type
        most = OPTION_VALUE if is_option else limit
        if len(part.get(name) or "") > most:
            yield f"{name} of {len(part[name])} characters, at most {most}"


def _texts(block: Block) -> Iterator[Text]:
    """Every text of a block and what kind of thing it belongs to."""
    if "text" in block:
        yield block["type"], block["text"].get("text", "")  # slack-sdk leaves an empty one out
    yield from (("field", field["text"]) for field in block.get("fields", ()))
    for element in (*block.get("elements", ()), *filter(None, [block.get("accessory")])):
        if block["type"] == "context":
            yield "context", element["text"]
            continue
        if "text" in element:
            yield "button", element["text"]["text"]
        yield from (("option", option["text"]["text"]) for option in element.get("options", ()))
        if confirm := element.get("confirm"):
            yield from ((f"confirm {part}", confirm[part]["text"]) for part in ("title", "text", "confirm", "deny"))


def _objects(part: Any) -> Iterator[dict[str, Any]]:
    """Every JSON object inside a block, itself first."""
    if isinstance(part, dict):
        yield part
        part = list(part.values())
    if isinstance(part, list):
        for inner in part:
            yield from _objects(inner)
