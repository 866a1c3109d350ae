"""One feed after another, each in a task of its own, so that one that breaks off stops none of the others."""

from collections.abc import Iterable
from datetime import datetime

from prefect import get_run_logger

from flows.binding import task_of
from tasks.pull import SourceReport
from tasks.step import Step


def pull_each(step: Step[[str, datetime], SourceReport], feeds: Iterable[str], when: datetime) -> list[SourceReport]:
    """Pull each feed; what became of it, also where its step failed after its retries."""
    log = get_run_logger()
    reports = []
    for feed in feeds:
        state = task_of(step).with_options(task_run_name=feed)(feed, when, return_state=True)
        found = state.result(raise_on_failure=False)
        report = SourceReport.broken(feed, found) if isinstance(found, BaseException) else found
        rows = sum(file.rows_read for file in report.files)
        log.info("%s: %d files, %d rows read", feed, len(report.files), rows)
        for error in report.errors:
            log.error("%s", error)
        reports.append(report)
    return reports
