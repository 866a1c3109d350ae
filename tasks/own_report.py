"""The board's pack of a month, as it was last written, for those who may see figures about everybody."""

from datetime import datetime

from heardback.domain.access import Right
from heardback.domain.measures.period import month as month_of
from heardback.errors import NotFound
from heardback.reports.pack import page_name
from tasks.door import admit
from tasks.step import step
from tasks.workplace import open_workplace

FOLDER = "reports"  # of HEARDBACK_HOME: where the command and the flow write when nobody names another place


@step()
def written_report(person: str, month: str, at: datetime) -> str:
    """The page of a month (YYYY-MM); the asking is on record. Raises NotAllowed; NotFound where there is none.

    The file's name is made from a date, so no month that anybody writes leads to another file.
    """
    label = f"{month_of(month).first:%Y-%m}"
    with open_workplace() as work:
        admit(work, person, Right.FIGURES, at, f"report {label}")
        path = work.settings.home / FOLDER / page_name(label)
    if not path.is_file():
        raise NotFound(f"no pack of {label} is written", where=FOLDER, do=f"heardback report --month {label}")
    return path.read_text(encoding="utf-8")
