"""A page that shows each message as a person sees it in Slack, of this run's loops, and the forms behind them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from heardback.domain.alerts import Alert
from heardback.domain.nudging.plan import Digest, Escalated, Escalation, Rung
from heardback.messages import modals
from heardback.messages.alarm import alert_message
from heardback.messages.blocks import escalation_message
from heardback.messages.message import Message, nudge_metadata
from heardback.messages.presses import Press
from heardback.messages.preview import preview_page
from heardback.messages.updated import Settled, updated_message
from heardback.store.session import reading
from tasks.alert import held_loops
from tasks.workplace import Workplace


def write_preview(work: Workplace, messages: Sequence[Message], digests: Sequence[Digest], at: datetime) -> str:
    """Write `preview.html` into the outbox; returns its path, '' where nobody would get anything."""
    if not messages:
        return ""
    climbed = [] if any(one.kind == "escalation" for one in messages) else _climbed(work, digests)
    shown = [*messages, *climbed, *_alerts(work, at), *_answered(work, digests), *_forms(work, digests)]
    page = preview_page(shown, work.council.directory.council, f"{at:%-d %B %Y}")
    path = work.settings.outbox / "preview.html"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page, encoding="utf-8")
    return str(path)


def _alerts(work: Workplace, at: datetime) -> list[Message]:
    """What the safeguarding lead would be shown of everything that waits now."""
    with reading(work.store) as session:
        held = held_loops(session, work)
    policy, lead = work.council.policy, work.council.directory.safeguarding_lead
    if not held:
        return []
    one = Alert(lead, f"{at:%Y%m%dT%H%M}", tuple(held))
    person = work.council.directory.people[lead]
    return [alert_message(one, person, policy.safeguarding, at, policy.link_base, policy.timezone)]


def _climbed(work: Workplace, digests: Sequence[Digest]) -> list[Message]:
    """What a deputy would be told of the first loop of a digest, if nobody moved it: nothing has climbed yet."""
    directory, link_base = work.council.directory, work.council.policy.link_base
    for digest in digests:
        service = directory.service(digest.loops[0].service_code)
        if service and service.deputy not in ("", digest.owner):
            told = replace(digest.loops[0], reminders_sent=digest.loops[0].reminders_sent + 1)
            one = Escalated(told, Rung.DEPUTY, digest.owner)
            escalation = Escalation(service.deputy, digest.window, (one,), 0)
            person = directory.people[service.deputy]
            message = escalation_message(escalation, person, directory.people, directory.council, link_base)
            return [replace(message, kind="climbs")]
    return []


def _answered(work: Workplace, digests: Sequence[Digest]) -> list[Message]:
    """The first digest, as it would stand once its first loop was decided."""
    if not digests:
        return []
    first, directory = digests[0], work.council.directory
    person = directory.people[first.owner]
    loop, *others = first.loops
    done = Settled(loop.loop_uid, loop.title, f"Decided by {person.name}")
    uid, link_base = f"{first.nudge_uid}-after", work.council.policy.link_base
    message = updated_message("digest", uid, person, [done, *others], directory.council, link_base, more=first.more)
    return [replace(message, kind="answered")]


def _forms(work: Workplace, digests: Sequence[Digest]) -> list[Message]:
    if not digests:
        return []
    press = Press("", "", "decide", (digests[0].loops[0].loop_uid,), 1)
    colleagues = {code: person.name for code, person in list(work.council.directory.people.items())[:5]}
    services = {one.code: one.name for one in work.council.directory.services}
    return [
        _form("Record decision", modals.decision_form(press)),
        _form("Record telling", modals.telling_form(press)),
        _form("Waiting for others", modals.pause_form(press)),
        _form("Not mine", modals.reassign_form(press, colleagues, services)),
    ]


def _form(button: str, view: dict[str, Any]) -> Message:
    heading = {"type": "header", "text": view["title"]}
    return Message("form", f"whoever presses “{button}”", button, [heading, *view["blocks"]], nudge_metadata(button))
