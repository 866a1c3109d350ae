"""A small council to test against: two services, two sources, one register, and files to pull from them.

`write_council` writes the configuration, `drop` puts an export where a source looks for it, `exit_row` and `change_row`
fill in what a test does not care about.
"""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

Row = Mapping[str, str]
DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)  # the same in C, ten times as fast, where it was built

SERVICES: dict[str, Any] = {
    "council": "Borough of Northmere",
    "people": {
        "amira": {"name": "Amira Sayed", "role": "Team manager", "email": "amira@northmere.example", "slack": "UAMIRA"},
        "ben": {"name": "Ben Achebe", "role": "Deputy manager", "email": "ben@northmere.example", "slack": "UBEN"},
        "hana": {"name": "Hana Weiss", "role": "Head of service", "email": "hana@northmere.example"},
        "priya": {"name": "Priya Nair", "role": "Participation officer", "email": "priya@northmere.example"},
        "dee": {"name": "Dee Okoro", "role": "Data analyst", "email": "dee@northmere.example"},
        "ruth": {"name": "Ruth Abara", "role": "Safeguarding lead", "email": "ruth@northmere.example"},
    },
    "services": [
        {"code": "yjs", "name": "Youth Justice", "owner": "amira", "deputy": "ben", "head": "hana"},
        {"code": "youth", "name": "Youth Clubs", "owner": "ben", "deputy": "amira", "head": "hana"},
    ],
    "safeguarding_lead": "ruth",
    "safeguarding_deputy": "hana",
    "fallback_owner": "priya",
    "groups": [{"code": "club", "name": "Club council", "sources": ["exit", "box"]}],
    "roles": {"data_team": ["dee"], "granted_words": ["dee"]},
}
SCREENING: dict[str, Any] = {
    "version": "test-1",
    "disclosures": [{"phrase": "hits me", "reason": "hurt by someone", "priority": 1}],
    "complaints": [{"phrase": "formal complaint", "reason": "names a formal complaint", "priority": 1}],
    "non_answers": ["nothing", "no"],
    "praise": ["lovely"],
}
NO_WEIGHT = "\t-9\n"  # only the phrases above hold back: what a test says is not weighed by what the examples taught
EXIT: dict[str, Any] = {
    "source": "exit",
    "name": "Exit questionnaire",
    "tool": "limesurvey",
    "channel": "exit_questionnaire",
    "dates": ["%Y-%m-%d"],
    "natural_key": ["id"],
    "mode": "snapshot",
    "file": {"path": "../inbox/exit/*.csv"},
    "questions": [
        {"column": "id", "role": "record_id"},
        {"column": "date", "role": "submitted_on", "required": True},
        {"column": "service", "role": "service"},
        {"column": "name", "role": "identity"},
        {"column": "status", "role": "completion", "values": {"done": "complete", "test": "test"}},
        {"column": "rate", "role": "rating", "code": "rate", "scale": {"1": 1, "5": 5}},
        {"column": "helped", "role": "choice", "code": "helped", "multi": "delimited", "delimiter": ";"},
        {"column": "improve", "role": "comment", "code": "improve", "text": "What should change?"},
        {"column": "like", "role": "comment", "code": "like", "text": "What was good?"},
        {"column": "share", "role": "consent_publish", "true_values": ["Yes"], "false_values": ["No"]},
    ],
}
BOX: dict[str, Any] = {
    "source": "box",
    "name": "Youth club boxes",
    "tool": "typed_sheet",
    "channel": "feedback_box",
    "service": "youth",
    "dates": ["%Y-%m-%d"],
    "file": {"path": "../inbox/box/*.csv"},
    "questions": [
        {"column": "date", "role": "submitted_on", "required": True},
        {"column": "said", "role": "comment", "code": "said"},
    ],
}
LOG: dict[str, Any] = {
    "register": "log",
    "name": "Service change log",
    "dates": ["%Y-%m-%d"],
    "file": {"path": "../inbox/log/*.csv"},
    "columns": {
        "id": "Ref", "service": "Service", "date": "Date", "title": "Title", "you_said": "You said",
        "we_did": "We did", "status": "Status",
    },
}  # fmt: skip


def write_council(folder: Path, **extra: Any) -> Path:
    """Write the configuration into `folder`/config and return that. Exports are looked for in `folder`/inbox.

    `extra` goes over the defaults, key by key: policy={"gate": {"max_bad_share": 1}}, sources={"exit": {"mode":
    "append"}} (a new code needs a whole map), services={…}, screening={…}, registers=[…], weights="sign\tweight".
    """
    place = folder / "config"
    sources = _over({"exit": EXIT, "box": BOX}, extra.get("sources", {}))
    _write(place / "services.yaml", _over(SERVICES, extra.get("services", {})))
    _write(place / "policy.yaml", extra.get("policy", {}))
    _write(place / "screening.yaml", _over(SCREENING, extra.get("screening", {})))
    _write(place / "changes.yaml", {"registers": extra.get("registers", [LOG])})
    (place / "screening_weights.tsv").write_text(extra.get("weights", NO_WEIGHT), encoding="utf-8")
    for code, source in sources.items():
        _write(place / "sources" / f"{code}.yaml", source)
    return place


def drop(folder: Path, feed: str, rows: Sequence[Row], name: str = "export.csv") -> Path:
    """Put an export (a CSV whose header is the keys of its first row) where a source or register looks for it."""
    path = folder / "inbox" / feed / name
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def exit_row(number: int | str, improve: str = "", **more: str) -> Row:
    """One answer to the exit questionnaire, of 1 September 2026 about the Youth Justice Service."""
    blank = {
        "id": str(number), "date": "2026-09-01", "service": "yjs", "name": "Somebody", "status": "done", "rate": "",
        "helped": "", "improve": improve, "like": "", "share": "Yes",
    }  # fmt: skip
    return blank | more


def box_row(said: str, date: str = "2026-09-02") -> Row:
    """One card out of a youth club's box."""
    return {"date": date, "said": said}


def change_row(number: int | str, we_did: str = "We put a heater in.", **more: str) -> Row:
    """One change of the service change log, of 1 October 2026 for the Youth Justice Service."""
    blank = {
        "Ref": str(number), "Service": "yjs", "Date": "2026-10-01", "Title": "A warm waiting room",
        "You said": "The waiting room is freezing", "We did": we_did, "Status": "done",
    }  # fmt: skip
    return blank | more


def _over(default: Any, extra: Any) -> Any:
    if not (isinstance(default, Mapping) and isinstance(extra, Mapping)):
        return extra
    return {**default, **{key: _over(default.get(key), value) for key, value in extra.items()}}


def _write(path: Path, content: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.dump(content, Dumper=DUMPER, allow_unicode=True, sort_keys=False), encoding="utf-8")
