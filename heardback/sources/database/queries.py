"""Whether a query only reads, told before a database sees it; its login and its transaction must keep it so."""

import re

from sqlalchemy import text

ASIDE = re.compile(
    r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|`[^`]*`|\$(\w*)\$.*?\$\1\$|--[^\n]*|/\*(?!!).*?\*/",  # what is no SQL word
    re.DOTALL,
)
READS = ("select", "with")
# Words with which a statement that begins so can still change something, or lock it.
WRITES = {"insert", "update", "delete", "merge", "into", "drop", "alter", "create", "truncate", "exec", "execute"}
LOCKS = re.compile(r"\block\s+in\s+share\b|\bfor\s+(?:key\s+)?share\b")  # of rows; MariaDB lets READ ONLY take them
CURSOR = "cursor"
ABOVE = re.compile(r">[\s(]*(?:\w+\s*\(\s*)*:cursor\b|:cursor\b[\s)]*<(?![=>])")


def one_statement(query: str) -> str:
    """The query without the semicolon at its end, which some databases do not take."""
    return query.strip().removesuffix(";").rstrip()


def query_fault(query: str) -> str:
    """What speaks against a query, and what to do; '' for a single SELECT or WITH that only reads."""
    bare = ASIDE.sub(" ", one_statement(query)).lower()
    if any(mark in bare for mark in "'\"`") or "/*" in bare or r"\'" in query:
        return "a quotation or comment is not closed, or is closed by '\\'; double a quotation mark within quotation"
    if ";" in bare:
        return "one statement alone; take out the ';' and what follows"
    words = re.findall(r"\w+", bare)
    if not words or words[0] not in READS:
        return "it must begin with SELECT or WITH: Heardback only reads"
    if locking := LOCKS.search(bare):
        return f"'{locking.group().upper()}' locks rows, and Heardback only reads"
    if writing := sorted(WRITES.intersection(words)):
        return f"'{writing[0].upper()}' changes or locks something, and Heardback only reads (a name stands in quotes)"
    if strange := sorted(set(text(query).compile().params) - {CURSOR}):
        return rf"':{strange[0]}' would be a parameter, and only :{CURSOR} is one; write another colon as '\:'"
    return ""


def asks_above_cursor(query: str) -> bool:
    """Whether a query leaves out the rows at the cursor itself: of several that share it, some may never come."""
    return ABOVE.search(ASIDE.sub(" ", query).lower()) is not None
