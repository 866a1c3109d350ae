"""Formats of dates, as a map lists them: one that could not tell a day is refused before any file comes."""

import re
from datetime import UTC, datetime

WHOLE = {"ISO8601", "%a", "%A", "%c", "%x"}  # formats that need nothing beside them
WEEKS, WEEKDAYS, YEARS = {"%V", "%W", "%U"}, {"%a", "%A", "%u", "%w"}, {"%Y", "%y"}
MONTHS = {"%m", "%b", "%B", "%j"}
SOME_DAY = datetime(2026, 6, 14, 12, 30, tzinfo=UTC)


def format_fault(text: str) -> str:
    """Why dates could not be read by this format; empty where they can. %V, %W or %U without a weekday is a week."""
    signs = set(re.findall("%.", text))
    if text in WHOLE:
        return ""
    if not signs:
        return "write 31/12/2026 as %d/%m/%Y"
    if "%Z" in signs:
        return "the name of a zone is not read; write its letters out (' GMT'), or %z for +01:00"
    if "%I" in signs and "%p" not in signs:
        return "%I counts to twelve; write %H, or %I:%M %p"
    if signs & WEEKS and not ({"%V", "%G"} <= signs or ("%V" not in signs and signs & YEARS)):
        return "a week needs its year; write %G-W%V, or %Y-%W"
    if fault := _fault_of_signs(_made_whole(text, signs)):
        return fault
    return "" if signs & (MONTHS | WEEKS) else "it tells no month and no week; a day of the week is %A alone"


def _made_whole(text: str, signs: set[str]) -> str:
    """A format that tells one day: Python reads no week without its weekday, and from 3.15 no day without its year."""
    weekday = "%w " if signs & WEEKS and not signs & WEEKDAYS else ""
    year = "" if signs & {*YEARS, "%G"} else "%Y "
    return f"{year}{weekday}{text}"


def _fault_of_signs(text: str) -> str:
    try:
        datetime.strptime(SOME_DAY.strftime(text), text).replace(tzinfo=UTC)
    except re.error:
        return "a sign stands in it twice"
    except ValueError as error:
        return str(error).split(" in format")[0]  # which is not quite the one that was written
    return ""
