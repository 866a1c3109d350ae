"""Match what is new on either side: after every landing and every change, and hourly in case an event was lost."""

from datetime import datetime

from prefect import flow, get_run_logger

from flows.binding import emit, instant, task_of
from tasks.match import MatchReport, match_new
from tasks.relay import relay_events


@flow(name="match", persist_result=False)
def match(at: datetime | None = None) -> MatchReport:
    """Offer owners the changes that may answer what was said."""
    when = instant(at)
    report = task_of(match_new)(when)
    get_run_logger().info(
        "%d comments met %d new changes: %d suggestions", report.comments, report.changes, report.proposed
    )
    task_of(relay_events)(emit, when)
    return report
