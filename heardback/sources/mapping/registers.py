"""Registers of changes: a service-change log or an action plan becomes rows of one shape."""

from dataclasses import dataclass
from datetime import date

import pandas as pd

from config.directory import Directory
from config.registers import EVERY_SERVICE, RegisterMap
from heardback.domain.record import RowFault
from heardback.domain.table import Note, Table, nearest_header
from heardback.domain.words import ChangeStatus
from heardback.errors import PullRefused
from heardback.sources.mapping.dates import Dates, read_dates
from heardback.sources.mapping.faults import clashes_and_repeats, ditto_rows
from heardback.sources.mapping.keys import BETWEEN, hashed
from heardback.sources.mapping.turned_dates import turned_over
from heardback.sources.tables.headers import clean_header

UNTIL = r"(?i)^(?:by\s+)?(?:the\s+)?(?:end\s+of\s+)?"  # "by the end of March 2027": a month ends by its last day
WORDS = ("title", "you_said", "we_did", "owner", "recommendation", "action", "evidence")


@dataclass(frozen=True)
class ReadRegister:
    """One register: `changes` has a row a change, `faults` the rows that cannot stand, `notes` what was flagged.

    `repeats` are rows that stand there once already, word for word. `ids` are those of every row, good or bad, and
    `deleted` those of changes that the tool says were deleted. `nameless` rows are bad ones whose id cannot be read, so
    that nobody can say which change they are. `kept_columns` are the headers that the map names.
    """

    changes: pd.DataFrame
    faults: list[RowFault]
    notes: list[Note]
    repeats: list[int]
    ids: frozenset[str]
    deleted: frozenset[str]
    nameless: frozenset[int]
    kept_columns: tuple[str, ...]


def read_register(register: RegisterMap, table: Table, directory: Directory, today: date | None = None) -> ReadRegister:
    """The changes of a register; none of those done may lie after `today`, where given.

    Raises PullRefused where a column that its map names is missing.
    """
    cells = _cells(register, table.frame, table.name)
    changes, notes = _changes(register, table, cells, directory)
    faults, repeats = _faults(cells, changes, today)
    bad = {fault.row_number for fault in faults} | set(repeats)
    return ReadRegister(
        changes=changes[~changes["row_number"].isin(bad)],
        faults=faults,
        notes=notes,
        repeats=repeats,
        ids=frozenset(cells["id"]) - {""},
        deleted=_deleted(register, table),
        nameless=frozenset(
            [row.row_number for row in table.broken] + [fault.row_number for fault in faults if fault.hides_its_id]
        ),
        kept_columns=tuple(dict.fromkeys(header for header in _headers(register).values() if header)),
    )


def _deleted(register: RegisterMap, table: Table) -> frozenset[str]:
    header = clean_header(register.columns.id)
    return frozenset(table.deleted[header].str.strip()) - {""} if header in table.deleted else frozenset()


def _headers(register: RegisterMap) -> dict[str, str]:
    return {name: clean_header(header) for name, header in register.columns.model_dump().items()}


def _cells(register: RegisterMap, frame: pd.DataFrame, name: str) -> pd.DataFrame:
    """The register's columns under Heardback's names, all text; those that the map leaves out are empty."""
    named = _headers(register)
    for header in (header for header in named.values() if header and header not in frame.columns):
        raise PullRefused(
            f"the column '{header}' is missing{nearest_header(header, [*frame.columns])}",
            where=name,
            do=f"correct the file, or columns of register '{register.code}' in changes.yaml",
        )
    blank = pd.Series("", index=frame.index, dtype="str")
    trimmed = {name: frame[header].str.strip() if header else blank for name, header in named.items()}
    nulls = set(register.file.null_values)
    return pd.DataFrame({name: column.where(~column.isin(nulls), "") for name, column in trimmed.items()})


def _changes(
    register: RegisterMap, table: Table, cells: pd.DataFrame, directory: Directory
) -> tuple[pd.DataFrame, list[Note]]:
    changes = pd.DataFrame({name: cells[name] for name in WORDS})
    changes["record_id"] = cells["id"]
    changes["service_code"] = _services(register, cells["service"], directory)
    changes["status"] = _statuses(register, cells["status"])
    notes: list[Note] = []
    for name, column in (("changed_on", "date"), ("due_on", "due")):
        written = cells[column].str.replace(UNTIL, "", regex=True) if name == "due_on" else cells[column]
        turned = turned_over([written], register.dates)
        header = _headers(register)[column]
        dates = read_dates(written, register.dates, "Europe/London", (), header, turned=turned)
        changes[name] = _last_days(dates) if name == "due_on" else dates.submitted_on
        notes += dates.notes
    content = cells["service"].str.cat(cells.drop(columns=["id", "service"]), sep=BETWEEN)
    changes["content_hash"] = hashed(content)
    changes["row_number"], changes["sheet"] = cells.index, table.sheet
    return changes, notes


def _last_days(dates: Dates) -> pd.Series:
    """What is due in a month or a week is late when that is over."""
    day, precision = dates.submitted_on, dates.precision
    day = day.mask(precision == "month", day + pd.offsets.MonthEnd(0))
    return day.mask(precision == "week", day + pd.Timedelta(days=6))


def _services(register: RegisterMap, written: pd.Series, directory: Directory) -> pd.Series:
    known = directory.names() | {EVERY_SERVICE: EVERY_SERVICE, "every service": EVERY_SERVICE}
    found = written.str.lower().map(known)
    return found.mask(written == "", register.service or pd.NA)


def _statuses(register: RegisterMap, written: pd.Series) -> pd.Series:
    spelled: dict[str, str] = {raw.lower(): status for raw, status in register.statuses.items()}
    spelled |= {str(status): str(status) for status in ChangeStatus}
    return written.str.lower().map(spelled).mask(written == "", str(ChangeStatus.DONE))


def _faults(cells: pd.DataFrame, changes: pd.DataFrame, today: date | None) -> tuple[list[RowFault], list[int]]:
    """What is wrong with which rows, and the rows that only repeat another."""
    named = cells["id"] != ""
    clashing, repeated = (
        flags.reindex(cells.index, fill_value=False)
        for flags in clashes_and_repeats(cells.loc[named, "id"], changes.loc[named, "content_hash"])
    )
    is_done = changes["status"] == ChangeStatus.DONE
    in_future = changes["changed_on"] > pd.Timestamp(today) if today else ~named & named
    rules = (
        ("missing_id", "the change has no id", ~named),
        ("clashing_id", "the same id stands in the register with other content", clashing),
        ("ditto_mark", "a ditto mark stands for what was meant: ask whoever typed it", ditto_rows(cells, typed=True)),
        ("unknown_service", "the service is not in services.yaml", changes["service_code"].isna()),
        ("unknown_status", "the status is not in the register's statuses", changes["status"].isna()),
        ("unreadable_date", "the date cannot be read", (cells["date"] != "") & changes["changed_on"].isna()),
        ("unreadable_due", "the due date cannot be read", cells["due"].str.contains(r"\d") & changes["due_on"].isna()),
        ("future_date", "what is done is dated in the future", is_done & in_future),
        ("no_action", "nothing says what was done", (cells["we_did"] == "") & is_done),
    )
    rows = [(code, reason, flagged.astype(bool)) for code, reason, flagged in rules]
    faults = [RowFault(int(row), code, reason) for code, reason, flagged in rows for row in cells.index[flagged]]
    return faults, [int(row) for row in cells.index[repeated.astype(bool)] if row not in {f.row_number for f in faults}]
