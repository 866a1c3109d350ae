"""Pull every source, or those that are named: nightly, and whenever somebody asks."""

from datetime import datetime

from prefect import flow, get_run_logger

from flows.binding import emit, instant, task_of
from tasks.pull import SourceReport, pull_source, source_ids
from tasks.relay import relay_events


@flow(name="pull")
def pull(sources: list[str] | None = None, at: datetime | None = None) -> list[SourceReport]:
    """Pull sources one after another; the run fails at its end where one of them did, and the others have landed."""
    when, log = instant(at), get_run_logger()
    reports = []
    for source in sources or source_ids():
        report = task_of(pull_source).with_options(task_run_name=source)(source, when)
        rows = sum(file.rows_read for file in report.files)
        log.info("%s: %d files, %d rows read", source, len(report.files), rows)
        reports.append(report)
    task_of(relay_events)(emit, when)
    return reports
