"""A small register of changes and what was said, written by hand, for tests to match."""

from collections.abc import Sequence

import pandas as pd

CHANGES = [
    ("C-1", "youth", "2026-03-10", "Reception repainted", "The reception felt cold.", "Warm colours and new sofas."),
    (
        "C-2",
        "youth",
        "2026-04-02",
        "Later opening",
        "You wanted us open in the evening.",
        "Open until 8pm on Thursdays.",
    ),
    (
        "C-3",
        "family",
        "2026-05-20",
        "Free wi-fi for visitors",
        "",
        "Guest wi-fi in the waiting room, password on the wall.",
    ),
    (
        "C-4",
        "all",
        "2026-06-01",
        "Plain English letters",
        "Letters were hard to read.",
        "Letters rewritten on one page.",
    ),
    ("C-5", "police", "2026-06-15", "Bikes returned sooner", "", "Seized bikes are returned within ten days."),
    ("C-6", "youth", None, "Boxing on Wednesdays", "", "A boxing coach comes on Wednesdays."),
    ("C-7", "cla", "2026-07-01", "Same worker for longer", "Workers kept changing.", "Each child keeps one worker."),
]
COMMENTS = [
    ("m-1", "youth", "2026-02-01", "the reception felt cold and scary"),
    ("m-2", "family", "2026-05-01", "wifi in the waiting room pls, whats the password"),
    ("m-3", "youth", "2026-05-30", "i cant read your letters, too many long words on a page"),
    ("m-4", "youth", "2026-01-15", "more boxing on wednesdays with the coach"),
    ("m-5", "", "2026-06-20", "my worker keeps changing, I want the same worker for longer"),
    ("m-6", "youth", "2026-08-01", "the reception felt cold and scary"),
    ("m-7", "youth", "2026-03-01", "🙂🙂🙂"),
]


def changes(rows: Sequence[tuple[str | None, ...]] = CHANGES) -> pd.DataFrame:
    columns = ["change_uid", "service_code", "changed_on", "title", "you_said", "we_did"]
    return pd.DataFrame(list(rows), columns=columns)


def comments(rows: Sequence[tuple[str | None, ...]] = COMMENTS) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=["comment_uid", "service_code", "heard_on", "text"])


def comment(text: str, heard_on: str | None = "2026-02-01", service: str = "youth") -> pd.DataFrame:
    return comments([("m-0", service, heard_on, text)])
