"""Events from the outbox to whoever listens: sent after the fact, and sent again if we die in between."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from heardback.store.outbox import mark_relayed, waiting
from heardback.store.session import reading, transaction
from tasks.step import step
from tasks.workplace import open_workplace

Emit = Callable[[str, str, Mapping[str, Any]], None]


@step(retries=2)
def relay_events(emit: Emit, at: datetime) -> int:
    """Hand every waiting event (name, resource, payload) to `emit`, then note it; returns how many there were."""
    with open_workplace() as work:
        with reading(work.store) as session:
            events = [(event.event_id, event.name, event.resource, dict(event.payload)) for event in waiting(session)]
        for _, name, resource, payload in events:
            emit(name, resource, payload)
        if events:
            with transaction(work.store) as session:
                mark_relayed(session, [event_id for event_id, *_ in events], at)
        return len(events)
