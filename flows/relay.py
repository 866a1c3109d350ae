"""What came of acts elsewhere, such as by the command line: events handed over, messages written anew."""

from datetime import datetime

from prefect import flow, get_run_logger

from flows.binding import emit, instant, task_of
from tasks.relay import relay_events
from tasks.rewrite import rewrite_messages


@flow(name="relay", persist_result=False)
def relay(at: datetime | None = None) -> int:
    """Relay what waits in the outbox, and write messages in Slack anew; returns how many events there were."""
    when = instant(at)
    relayed, written = task_of(relay_events)(emit, when), task_of(rewrite_messages)(when)
    get_run_logger().info("%d events, %d messages written anew", relayed, written)
    return relayed
