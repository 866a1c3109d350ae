"""The pieces that messages are made of: Block Kit from slack-sdk's models, all variable text made harmless."""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeAlias

from heardback.domain.deadlines import Step
from heardback.domain.nudging.open_loops import OpenLoop
from heardback.messages.message import Block
from heardback.messages.wording import FIGURE_LIMIT, escaped, loop_name, plain

if TYPE_CHECKING:
    from slack_sdk.models.blocks import ButtonElement, InteractiveElement, OverflowMenuElement, PlainTextObject

AnyButton: TypeAlias = "ButtonElement"

RECORD = {
    Step.OWN: ("heardback.decide", "Record decision"),
    Step.DECIDE: ("heardback.decide", "Record decision"),
    Step.TELL: ("heardback.tell", "Record telling"),
    Step.KEEP: ("heardback.keep", "Record promise kept"),
}
LABEL_LIMIT = 75


def header(text: str) -> Block:
    """The line at the top of a message."""
    from slack_sdk.models.blocks import HeaderBlock

    return HeaderBlock(text=literal(plain(text, 150))).to_dict()


def section(mrkdwn: str, block_id: str | None = None, accessory: "ButtonElement | None" = None) -> Block:
    """A paragraph. Whatever varies in `mrkdwn` must have been through `escaped`; bare addresses stay text."""
    from slack_sdk.models.blocks import MarkdownTextObject, SectionBlock

    text = MarkdownTextObject(text=mrkdwn, verbatim=True)
    return SectionBlock(text=text, block_id=block_id, accessory=accessory).to_dict()


def figures(pairs: Sequence[tuple[str, str]]) -> Block:
    """Up to ten pairs of a label and a value, side by side."""
    from slack_sdk.models.blocks import MarkdownTextObject, SectionBlock

    said = [f"*{escaped(value, FIGURE_LIMIT)}*\n{escaped(label, FIGURE_LIMIT)}" for label, value in pairs]
    return SectionBlock(fields=[MarkdownTextObject(text=text, verbatim=True) for text in said]).to_dict()


def actions(elements: "Sequence[InteractiveElement]", block_id: str | None = None) -> Block:
    """A row of buttons and menus."""
    from slack_sdk.models.blocks import ActionsBlock

    return ActionsBlock(elements=list(elements), block_id=block_id).to_dict()


def footer(text: str) -> Block:
    """Small print."""
    from slack_sdk.models.blocks import ContextBlock

    return ContextBlock(elements=[literal(plain(text, 300))]).to_dict()


def divider() -> Block:
    """A line between two loops."""
    from slack_sdk.models.blocks import DividerBlock

    return DividerBlock().to_dict()


def literal(text: str) -> "PlainTextObject":
    """Text in which nothing means anything but itself: no mentions, links, marks or emoji codes."""
    from slack_sdk.models.blocks import PlainTextObject

    return PlainTextObject(text=text, emoji=False)


def record_button(loop: OpenLoop) -> "ButtonElement":
    """The button for the loop's next step."""
    action, label = RECORD[Step(loop.next_step)]
    return loop_button(loop, action, label, style="primary")


def open_button(loop: OpenLoop, link_base: str) -> "ButtonElement":
    """A link to the loop in the queue; without a web address a plain button that Slack hands to Heardback."""
    return loop_button(loop, "heardback.open", "Open in queue", url=link(link_base, f"loops/{loop.loop_uid}"))


def loop_button(
    loop: OpenLoop,
    action: str,
    label: str,
    *,
    url: str | None = None,
    style: str | None = None,
    confirm: tuple[str, str, str, str] | None = None,
    **more: str,
) -> "ButtonElement":
    """A button about one loop; a screen reader hears which one. `confirm`: its title, question, yes and no.

    `more` comes back with the press, beside the loop and its version.
    """
    from slack_sdk.models.blocks import ButtonElement, ConfirmObject

    question = None
    if confirm:
        title, text, yes, no = (literal(part) for part in confirm)
        question = ConfirmObject(title=title, text=text, confirm=yes, deny=no)
    return ButtonElement(
        text=literal(label),
        action_id=action,
        value=loop_value(loop, **more),
        url=url,
        style=style,
        confirm=question,
        accessibility_label=plain(f"{label}: {loop_name(loop)}", LABEL_LIMIT),
    )


def plain_button(
    action: str, label: str, value: str, *, url: str | None = None, style: str | None = None
) -> "ButtonElement":
    """A button that sends back a plain value."""
    from slack_sdk.models.blocks import ButtonElement

    named = plain(f"{label}: {value}", LABEL_LIMIT)
    return ButtonElement(
        text=literal(label), action_id=action, value=value, url=url, style=style, accessibility_label=named
    )


def link_button(label: str, action: str, url: str | None, value: str | None = None) -> "ButtonElement":
    """A button about no single loop; `value` comes back with the press."""
    from slack_sdk.models.blocks import ButtonElement

    text = literal(plain(label, LABEL_LIMIT))
    return ButtonElement(text=text, action_id=action, url=url, value=value, accessibility_label=text.text)


def loop_menu(loop: OpenLoop, choices: Sequence[tuple[str, str]]) -> "OverflowMenuElement":
    """A menu about one loop: (label, what it does). Slack gives a menu no label of its own, so each choice is one."""
    from slack_sdk.models.blocks import Option, OverflowMenuElement

    options = [Option(text=literal(label), value=loop_value(loop, does=does)) for label, does in choices]
    return OverflowMenuElement(action_id="heardback.more", options=options)


def loop_value(loop: OpenLoop, **more: str) -> str:
    """What a press sends back: which loop, and the version that the person saw."""
    return json.dumps({"loop": loop.loop_uid, "version": loop.version, **more}, separators=(",", ":"))


def link(link_base: str, path: str) -> str | None:
    """An address under the council's own; None where it has none. Paths hold ids only, never words."""
    return f"{link_base.rstrip('/')}/{path}" if link_base else None
