"""Tell the safeguarding desk what waits to be read: every five minutes, at once when a flag is raised, on any day."""

from datetime import datetime

from prefect import flow, get_run_logger

from flows.binding import instant, task_of
from tasks.alert import AlertReport
from tasks.alert import alert as send_alerts


@flow(name="alert", persist_result=False)
def alert(at: datetime | None = None) -> AlertReport:
    """Send what is due; it is told again until a named person takes it."""
    report = task_of(send_alerts)(instant(at))
    log = get_run_logger()
    log.info("%d told, %d loops wait", len(report.sent), len(report.waiting))
    if report.failed:
        log.error("%d could not be told", len(report.failed))
    return report
