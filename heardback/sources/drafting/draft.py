"""A first map for a file nobody has mapped yet: everything proposed, nothing decided."""

import json
import re
from dataclasses import replace
from pathlib import PurePath

import pandas as pd

from config.layout import NULLS, FileShape
from heardback.domain.table import Table
from heardback.domain.words import Tool
from heardback.sources.drafting.grouping import group_columns
from heardback.sources.drafting.guesses import Guess
from heardback.sources.drafting.laying_out import ROWS_TO_JUDGE, lay_out
from heardback.sources.drafting.recognising import Signature, recognise
from heardback.sources.mapping.naming import code_of
from heardback.sources.tables.reading import read_table

EXPORTED_WHOLE = {Tool.GOOGLE_FORMS, Tool.MICROSOFT_FORMS, Tool.LIMESURVEY}  # there is no other way out of them
LABELLED = (
    "this is an export with labels: ticked options are joined by spaces and cannot be told apart; export it again with "
    "'XML values and headers'"
)
NO_KEY = "natural_key: []  # unsure: no id was found; a response is then known by its answers and their order"
WHICH_MODE = "  # unsure: does every export hold all the answers so far (snapshot), or only new ones (append)?"
CODED = {"comment", "rating", "choice", "characteristic"}
INTRODUCTION = """\
# A draft: read every line. "# fill:" is a blank that only you can fill; "# unsure:" is a guess to confirm.
# Cells are shown for options and codes only; of what people wrote, and of names, nothing is shown.
# An answer that should worry whoever reads it is marked under its question by `concerns:` (docs/screening.md).
"""


def draft_map(content: bytes, name: str) -> str:
    """A map as YAML text for one file; it loads as a SourceMap once its blanks are filled.

    Raises Unreadable where the file cannot be read at all.
    """
    shape, unsure = lay_out(content, name)
    table = read_table(content, name, shape)
    signature = _signature_of(table)
    guesses = _settle(group_columns(_answered(table), signature))
    unsure += [f"encoding: {note.what}" for note in table.notes if note.code == "encoding_fallback"]
    unsure += _doubts(signature, table)
    lines = [INTRODUCTION, *(f"# unsure: {doubt}" for doubt in unsure)]
    lines += _head(PurePath(shape.member or name).stem, signature, guesses)
    lines += _file(name, shape, table)
    lines += ["questions:", *(line for guess in guesses for line in _question(guess))]
    return "\n".join([*lines, "unmapped: warn", ""])


def _signature_of(table: Table) -> Signature:
    """By all headers, and by what stands in the first rows of the first column."""
    first = table.frame.iloc[:, 0].str.strip() if table.columns else pd.Series(dtype="str")
    return recognise(table.columns, list(first[first != ""].head(ROWS_TO_JUDGE)))


def _answered(table: Table) -> Table:
    """The same table with nothing where the tool writes that nothing was answered."""
    return replace(table, cells=table.frame.mask(table.frame.apply(lambda cells: cells.str.strip().isin(NULLS)), ""))


def _doubts(signature: Signature, table: Table) -> list[str]:
    labelled = any(" " in str(header) for header in table.columns)
    return [LABELLED] if signature.tool == Tool.KOBO and labelled else []


def _head(stem: str, signature: Signature, guesses: list[Guess]) -> list[str]:
    source = re.sub(r"[^a-z0-9]+", "-", stem.lower()).strip("-") or "source"
    channel = "exit_questionnaire" if "exit" in stem.lower() else "online_survey"
    tool_doubt = "  # unsure: no tool's headers were recognised" if signature.tool == Tool.OTHER else ""
    lines = [
        f"source: {_quoted(source)}",
        f"name: {_quoted(stem)}",
        f"tool: {signature.tool.value}{tool_doubt}",
        f"channel: {channel}  # unsure: how did people answer?",
    ]
    if signature.tool == Tool.KOBO:
        lines.append("timezone: UTC  # Kobo writes its times so, summer and winter")
    if not any(guess.keys["role"] == "service" for guess in guesses):
        lines.append('service: ""  # fill: the code of the service that all answers are about')
    return lines + _key(guesses, signature)


def _key(guesses: list[Guess], signature: Signature) -> list[str]:
    ids = [guess.keys["column"] for guess in guesses if guess.keys["role"] == "record_id"]
    if ids:
        return [f"natural_key: {_quoted(ids[:1])}"]
    mode = "snapshot" if signature.tool in EXPORTED_WHOLE else "append"
    return [NO_KEY, f"mode: {mode}{WHICH_MODE}"]


def _file(name: str, shape: FileShape, table: Table) -> list[str]:
    ending = PurePath(name).suffix or ".csv"
    given = shape.model_dump(exclude_defaults=True, exclude={"path", "encodings"})
    if given.get("delimiter") == ",":
        del given["delimiter"]
    if table.encoding.startswith("utf-16"):
        given["encodings"] = [table.encoding]
    path = f'  path: "inbox/*{ending}"  # fill: where the exports arrive, from the configuration folder'
    return ["file:", path, *(f"  {key}: {_quoted(value)}" for key, value in given.items())]


def _settle(guesses: list[Guess]) -> list[Guess]:
    """One date and one id are enough; every code is given once."""
    for role in ("submitted_at", "submitted_on", "record_id"):
        for extra in [guess for guess in guesses if guess.keys["role"] == role][1:]:
            extra.unsure.append(f"another {role} goes before it")
            extra.keys = {key: extra.keys[key] for key in ("column",)} | {"role": "ignore"}
    taken: set[str] = set()
    for guess in guesses:
        if guess.keys["role"] in CODED:
            guess.keys["code"] = _free_code(str(guess.keys.get("code") or guess.keys["column"]), taken)
            taken |= {f"{guess.keys['code']}_other"} if guess.keys.get("own_words") else set()
    return guesses


def _free_code(text: str, taken: set[str]) -> str:
    stem = code_of(text)[:40].strip("_") or "question"
    code, number = stem, 2
    while code in taken:
        code, number = f"{stem}_{number}", number + 1
    taken.add(code)
    return code


def _question(guess: Guess) -> list[str]:
    lines = [f"  # {guess.seen}", *(f"  # unsure: {doubt}" for doubt in guess.unsure)]
    for position, (key, value) in enumerate(guess.keys.items()):
        blank = f"  # fill: {guess.fill[key]}" if key in guess.fill else ""
        lines.append(f"{'  - ' if position == 0 else '    '}{key}: {_quoted(value)}{blank}")
    return lines


def _quoted(value: object) -> str:
    """As JSON, which YAML reads as it stands."""
    return json.dumps(value, ensure_ascii=False)
