"""Pull the registers of changes: what services say they did."""

from datetime import datetime

from prefect import flow, get_run_logger

from flows.binding import emit, instant, task_of
from tasks.pull import SourceReport, pull_register, register_ids
from tasks.relay import relay_events


@flow(name="changes")
def changes(registers: list[str] | None = None, at: datetime | None = None) -> list[SourceReport]:
    """Pull registers one after another."""
    when, log = instant(at), get_run_logger()
    reports = []
    for register in registers or register_ids():
        report = task_of(pull_register).with_options(task_run_name=register)(register, when)
        log.info("%s: %d rows read", register, sum(file.rows_read for file in report.files))
        reports.append(report)
    task_of(relay_events)(emit, when)
    return reports
