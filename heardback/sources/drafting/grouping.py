"""Columns that belong together: one column for each option of a question (`helped[place]`, `helped/place`)."""

import re
from collections.abc import Sequence

import pandas as pd

from heardback.domain.table import Table
from heardback.domain.words import Tool
from heardback.sources.drafting.guesses import Guess
from heardback.sources.drafting.guessing import TICKS, guess, is_free_text
from heardback.sources.drafting.recognising import Signature

NUMBERED = re.compile(r"^(?P<stem>.+)#\d+$")  # the columns of a repeat: people/words#1, people/words#2
JOINS = {Tool.KOBO: " ", Tool.ODK: " ", Tool.QUALTRICS: ","}  # what a tool puts between the options of a cell
ONCE = {"record_id", "submitted_on", "submitted_at", "consent_publish", "service", "ignore", "identity"}
PREFIX = re.compile(r"^(?P<prefix>.+?)(?: ?\[(?P<bracketed>.+)\]|/(?P<slashed>[\w-]+))$")


def group_columns(table: Table, signature: Signature) -> list[Guess]:
    """A guess for each column, and one for each group of tick columns, in the order of the file."""
    repeated = _repeats(table, signature)
    headers = [str(column) for column in table.frame.columns if not NUMBERED.match(str(column))]
    unknown = [header for header in headers if header.lower() not in signature.roles]
    ticked = {header: prefix for header in unknown if (prefix := _tick_prefix(header, table.frame[header]))}
    guesses, done = [], set()
    for header in headers:
        prefix = ticked.get(header, "")
        members = [other for other, its in ticked.items() if its == prefix]
        if prefix and len(members) > 1:
            if prefix not in done:
                guesses.append(_group(prefix, members))
                done.add(prefix)
            continue
        role = signature.roles.get(header.lower())
        asked = table.labels.get(header, header)
        found = guess(asked, table.frame[header], role, joins=JOINS.get(signature.tool, ""))
        found.keys = {"column": header, **found.keys}
        guesses += [found, *_unsent(header, role, signature)]
    return guesses + repeated


def _repeats(table: Table, signature: Signature) -> list[Guess]:
    """A guess for each column of a repeat, which stands once for each time that the repeat was filled in."""
    numbered = [match["stem"] for column in table.frame if (match := NUMBERED.match(str(column)))]
    return [_repeat(stem, table, signature) for stem in dict.fromkeys(numbered)]


def _repeat(stem: str, table: Table, signature: Signature) -> Guess:
    pattern = f"^{re.escape(stem)}#\\d+$"
    columns = [column for column in table.frame if re.match(pattern, str(column))]
    cells = pd.concat([table.frame[column] for column in columns], ignore_index=True)
    found = guess(stem.rpartition("/")[2], cells, None, joins=JOINS.get(signature.tool, ""))
    keys = {"code": stem, **found.keys} if found.keys["role"] not in ONCE else {"role": "ignore"}
    found.keys = {"match": pattern, **keys}
    return found


def _unsent(header: str, role: str | None, signature: Signature) -> list[Guess]:
    """LimeSurvey keeps what was begun and never sent, without the day on which it was sent."""
    if signature.tool != Tool.LIMESURVEY or role != "submitted_at":
        return []
    keys: dict[str, object] = {"column": header, "role": "completion", "values": {"": "partial", "*": "complete"}}
    return [Guess(keys, "what was begun and never sent has none")]


def _tick_prefix(header: str, cells: pd.Series) -> str:
    """The question of a tick column; '' where the header names no option or the cells are more than ticks."""
    found = PREFIX.match(header)
    if not found:
        return ""
    option = found["bracketed"] or found["slashed"]
    filled = cells[cells.str.strip() != ""].str.strip()
    answers = {cell.lower() for cell in filled.unique()}
    if option.lower() == "other" and is_free_text("other", filled, list(filled.unique())):
        return ""
    return found["prefix"] if answers <= TICKS | {option.lower()} else ""


def _group(prefix: str, members: Sequence[str]) -> Guess:
    opening = " ?\\[" if members[0].endswith("]") else "/"
    keys: dict[str, object] = {
        "match": "^" + re.escape(prefix).replace("\\ ", " ") + opening,
        "role": "choice",
        "code": prefix,
        "multi": "columns",
    }
    return Guess(keys, f"{len(members)} columns of ticks, one for each option")
