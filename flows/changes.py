"""Pull the registers of changes: what services say they did."""

from datetime import datetime

from prefect import flow

from flows.binding import emit, instant, task_of
from flows.feeds import pull_each
from tasks.pull import SourceReport, check_landed, pull_register, register_ids
from tasks.relay import relay_events


@flow(name="changes", persist_result=False)
def changes(registers: list[str] | None = None, at: datetime | None = None) -> list[SourceReport]:
    """Pull registers one after another; the run fails at its end where one of them did, and the others have landed."""
    when = instant(at)
    reports = pull_each(pull_register, registers or register_ids(), when)
    task_of(relay_events)(emit, when)
    check_landed(reports, again="heardback changes")
    return reports
