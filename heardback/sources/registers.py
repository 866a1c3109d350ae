"""Registers of changes: a service-change log or an action plan becomes rows of one shape."""

from dataclasses import dataclass
from difflib import get_close_matches

import pandas as pd

from config.directory import Directory
from config.maps import RegisterMap
from heardback.domain.record import RowFault
from heardback.domain.table import Note, Table
from heardback.domain.words import EVERY_SERVICE, ChangeStatus
from heardback.errors import PullRefused
from heardback.sources.dates import read_dates
from heardback.sources.keys import BETWEEN, hashed

WORDS = ("title", "you_said", "we_did", "owner", "recommendation", "action", "evidence")
LINEAGE = ("row_number", "sheet", "record_id", "content_hash")


@dataclass(frozen=True)
class ReadRegister:
    """One register: `changes` has a row a change, `faults` the rows that cannot stand, `notes` what was flagged."""

    changes: pd.DataFrame
    faults: list[RowFault]
    notes: list[Note]


def read_register(register: RegisterMap, table: Table, directory: Directory) -> ReadRegister:
    """The changes of a register. Raises PullRefused where a column that its map names is missing."""
    cells = _cells(register, table)
    changes = pd.DataFrame({name: cells[name] for name in WORDS})
    changes["record_id"] = cells["id"]
    changes["service_code"] = _services(register, cells["service"], directory)
    changes["status"] = _statuses(register, cells["status"])
    notes: list[Note] = []
    for name, column in (("changed_on", "date"), ("due_on", "due")):
        dates = read_dates(cells[column], register.dates, "Europe/London", (), column)
        changes[name] = dates.submitted_on
        notes += dates.notes
    content = cells.drop(columns="id").apply(lambda row: BETWEEN.join(row), axis=1) if len(cells) else cells["id"]
    changes["content_hash"] = hashed(content)
    changes["row_number"], changes["sheet"] = cells.index, table.sheet
    faults = _faults(cells, changes)
    bad = {fault.row_number for fault in faults}
    return ReadRegister(changes[~changes["row_number"].isin(bad)], faults, notes)


def _cells(register: RegisterMap, table: Table) -> pd.DataFrame:
    """The register's columns under Heardback's names, all text; those that the map leaves out are empty."""
    named = register.columns.model_dump()
    for header in (header for header in named.values() if header and header not in table.frame.columns):
        near = get_close_matches(header, [str(column) for column in table.frame.columns], n=1)
        hint = f"; the nearest is '{near[0]}'" if near else ""
        raise PullRefused(
            f"the column '{header}' is missing{hint}",
            where=table.name,
            do=f"correct the file, or columns of register '{register.code}' in changes.yaml",
        )
    blank = pd.Series("", index=table.frame.index, dtype="str")
    frame = {name: table.frame[header].str.strip() if header else blank for name, header in named.items()}
    nulls = set(register.file.null_values)
    return pd.DataFrame({name: column.where(~column.isin(nulls), "") for name, column in frame.items()})


def _services(register: RegisterMap, written: pd.Series, directory: Directory) -> pd.Series:
    known = directory.names() | {EVERY_SERVICE: EVERY_SERVICE, "every service": EVERY_SERVICE}
    found = written.str.lower().map(known)
    return found.mask(written == "", register.service or pd.NA)


def _statuses(register: RegisterMap, written: pd.Series) -> pd.Series:
    spelled: dict[str, str] = {raw.lower(): status for raw, status in register.statuses.items()}
    spelled |= {str(status): str(status) for status in ChangeStatus}
    return written.str.lower().map(spelled).mask(written == "", str(ChangeStatus.DONE))


def _faults(cells: pd.DataFrame, changes: pd.DataFrame) -> list[RowFault]:
    told = cells["we_did"] != ""
    rules = (
        ("missing_id", "the change has no id", cells["id"] == ""),
        (
            "repeated_id",
            "the same id stands in the register twice",
            cells["id"].duplicated(keep=False) & (cells["id"] != ""),
        ),
        ("unknown_service", "the service is not in services.yaml", changes["service_code"].isna()),
        ("unknown_status", "the status is not in the register's statuses", changes["status"].isna()),
        ("unreadable_date", "the date cannot be read", (cells["date"] != "") & changes["changed_on"].isna()),
        ("no_action", "nothing says what was done", ~told & (changes["status"] == ChangeStatus.DONE)),
    )
    return [
        RowFault(int(row), code, reason) for code, reason, flagged in rules for row in cells.index[flagged.astype(bool)]
    ]
