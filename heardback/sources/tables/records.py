"""JSON becomes rows of cells: a list of records, each of which may hold others."""

import codecs
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from heardback.errors import Unreadable
from heardback.sources.tables.grid import Grid

BETWEEN_CHOICES = ";"
MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
SMALL = 10_000  # bytes, beyond which a list is hardly empty
MOST_COLUMNS = 5_000
MOST_BARE, BYTES_A_VALUE = 500_000, 5  # values that may stand so close; an answer with its name takes more bytes
BOM = b"\xef\xbb\xbf"
BEGINS = re.compile(rb"""(?:\xef\xbb\xbf)?\s*[\[{]\s*(?:[\[{"\d-]|true|false|null)""")  # JSON, and no header of a CSV
HALF = re.compile("[\ud800-\udfff]")  # of an emoji that was cut in two: JSON can say it, and no encoding can


def looks_like_json(content: bytes) -> bool:
    """Do the first bytes begin a list or an object? A CSV's header may do so too."""
    return content[:1024].removeprefix(BOM).lstrip().startswith((b"[", b"{"))


def is_json(content: bytes) -> bool:
    """Whatever it is called: all of it, or a record in each line; a CSV whose header begins with a bracket is none.

    What is too crammed to be parsed is told by how it begins.
    """
    if _values_crammed(content):
        return bool(BEGINS.match(content[:SMALL]))
    first, _, rest = content.removeprefix(BOM).lstrip().partition(b"\n")
    for text in (content.removeprefix(BOM), first if rest.strip() else b""):
        try:
            json.loads(text)
        except (ValueError, RecursionError):
            continue
        return True
    return False


def in_utf8(content: bytes, encodings: Sequence[str]) -> bytes:
    """JSON that is in UTF-16, where its map lists that, in UTF-8; all else as it is."""
    if not content.startswith(MARKS) or not any(name.lower().replace("_", "-") == "utf-16" for name in encodings):
        return content
    text = content.decode("utf-16", "replace")
    return text.encode("utf-8", "replace") if text.lstrip().startswith(("[", "{")) else content


def has_no_record(content: bytes, path: str) -> bool:
    """Is this JSON whose list of records is there, and empty?"""
    if len(content) > SMALL or not looks_like_json(content):
        return False
    try:
        return not _list_at(_parsed(content, ""), path, "")
    except Unreadable:
        return False


def read_records(content: bytes, name: str, path: str) -> Grid:
    """A list of records as a grid; row 1 is the header, the first record is row 2.

    What lies within a record is named by its path (`say/comment`); what lies in a list of records is numbered
    (`people/words#1`); a list of plain values is joined by ';'. `path` leads to the list ('' is the whole file).
    Raises Unreadable where there is no such list.
    """
    found = _list_at(_parsed(content, name), path, name)
    return as_grid(found, name)


def as_grid(records: list[Any], name: str) -> Grid:
    """Records, already parsed, as a grid. Raises Unreadable where one is no record, or where they are far too wide."""
    strange = next((place for place, record in enumerate(records, start=2) if not isinstance(record, dict)), 0)
    if strange:
        raise Unreadable("an entry of the list is no record", where=f"{name}, row {strange}", do="see file.records")
    flat, columns = list[dict[str, str]](), dict[str, None]()
    for record in records:
        answers = list(islice(_flat(record, "", Counter()), MOST_COLUMNS + 1))
        flat.append(dict(answers))
        columns |= dict.fromkeys(flat[-1])
        if max(len(columns), len(answers)) > MOST_COLUMNS:
            what = f"the records have more than {MOST_COLUMNS:,} different keys"
            raise Unreadable(what, where=name, do="are the keys themselves data? export as CSV")
    rows = [[record.get(column, "") for column in columns] for record in flat]
    return Grid([[*columns], *rows], padded=True, encoding="utf-8")


def _parsed(content: bytes, name: str) -> Any:
    _refuse_crammed(content, name)
    try:
        return json.loads(content.removeprefix(BOM), object_pairs_hook=_each_key)
    except UnicodeDecodeError:
        raise Unreadable("the JSON is not in UTF-8", where=name, do="export it again as UTF-8") from None
    except json.JSONDecodeError as error:
        where = f"{name}, line {error.lineno}"
        if error.msg == "Extra data" and is_json(content):
            what = "there is a record in each line (JSON lines), and no list of them"
            raise Unreadable(what, where=where, do="export it as a list, or as CSV") from None
        raise Unreadable("the JSON breaks off or is none", where=where, do="export the file again") from None
    except (RecursionError, ValueError):
        raise Unreadable("the JSON is nested too deep or has a huge number", where=name, do="export as CSV") from None


def _refuse_crammed(content: bytes, name: str) -> None:
    """Raise Unreadable where nearly every byte begins another value: kilobytes of a zip become gigabytes of objects."""
    if values := _values_crammed(content):
        what = f"the JSON holds {values:,} values in {len(content):,} characters"
        raise Unreadable(what, where=name, do="is it an export of answers? open it and look")


def _values_crammed(content: bytes) -> int:
    """How many values stand in it where nearly every byte begins another; 0 where they do not."""
    values = sum(content.count(mark) for mark in (b",", b"[", b"{"))
    return values if values > MOST_BARE and values * BYTES_A_VALUE > len(content) else 0


def _each_key(answers: list[tuple[str, Any]]) -> dict[str, Any]:
    """A record; a key that stands in it more than once is numbered from the second on, as a header is."""
    record = dict(answers)
    if len(record) == len(answers):
        return record
    seen = Counter[str]()
    for key, value in answers:
        seen[key] += 1
        record[key if seen[key] == 1 else f"{key} ({seen[key]})"] = value
    return record


def _list_at(parsed: Any, path: str, name: str) -> list[Any]:
    whole = parsed
    for part in path.split("/") if path else ():
        parsed = parsed.get(part) if isinstance(parsed, Mapping) else None
    if isinstance(parsed, list):
        return parsed
    what = f"there is no list of records at file.records: {path}" if path else "the file is one object, and no list"
    lists = [key for key, value in whole.items() if isinstance(value, list)] if isinstance(whole, Mapping) else []
    known = f"write file.records: {lists[0]}" if lists else "is it an error message? open it and look"
    raise Unreadable(what, where=name, do=known)


def _flat(value: Any, path: str, seen: Counter[str], number: int = 0) -> Iterator[tuple[str, str]]:
    """Every answer below a value, with its column; `seen` counts the entries of each list of this record."""
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            yield from _flat(inner, f"{path}/{key}" if path else str(key), seen, number)
    elif isinstance(value, list) and any(isinstance(inner, dict) for inner in value):
        for inner in value:
            seen[path] += 1
            yield from _flat(inner, path, seen, seen[path])
    else:
        yield (f"{path}#{number}" if number else path), _as_text(value)


def _as_text(value: Any) -> str:
    if isinstance(value, list):
        return BETWEEN_CHOICES.join(_as_text(inner) for inner in value)
    if value is None or value == {}:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return HALF.sub("\N{REPLACEMENT CHARACTER}", str(value))
