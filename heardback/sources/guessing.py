"""What a column may mean, judged by its header and its cells; whatever is doubtful is marked as unsure."""

import re
from dataclasses import dataclass, field
from typing import cast

import pandas as pd

from heardback.domain.plurals import some
from heardback.sources.guessing_dates import date_formats
from heardback.sources.relative_dates import is_so_long_ago

IDENTITY = re.compile(
    r"e-?mail|\bname\b|\bip[ _]?addr|user.?agent|latitude|longitude|\bgps\b|phone|mobile|post ?code"
    r"|(?:home|street|postal|your) address|^address|date of birth|\bdob\b|device ?id|username|submitter",
    re.IGNORECASE,
)
CONSENT = re.compile(
    r"consent|permission|publicly|\b(?:share|show|use|quote|publish)\b.*\b(?:words|comments?|answers?|information)\b"
    r"|\bok to (?:share|use)|(?:may|can) we (?:share|show|use)",
    re.IGNORECASE,
)
RECORD_ID = re.compile(r"(?:^|[\s_-])(?:id|ref|reference|key)\W*$", re.IGNORECASE)
BAND = re.compile(r"\bage\b|how old|age ?(?:band|group)|gender|ethnic|disab|\bsex\b|school year", re.IGNORECASE)
RATE = re.compile(r"\brat(?:e|ing)\b|satisf|\bscore\b|how (?:happy|likely|good)|out of (?:5|10)|smiley", re.IGNORECASE)
SERVICE = re.compile(r"\bservice\b|\bhub\b|\bteam\b|which project", re.IGNORECASE)
OPEN = re.compile(
    r"comment|improve|\bchange\b|tell us|\bwhy\b|what (?:could|would|should|did|do|was)|anything else|suggest|feedback"
    r"|please specify|write.?in|\bother\b",
    re.IGNORECASE,
)
AGREES = re.compile(r"^(?:y|yes|agree|i agree|i consent|i do|true|1|ok)$", re.IGNORECASE)
REFUSES = re.compile(r"^(?:n|no|disagree|i do not.*|false|0)$", re.IGNORECASE)
WHOLE = re.compile(r"^-?\d{1,2}(?:\.0)?$")
NUMBER = re.compile(r"^[-+]?\d+(?:[.,]\d+)*$")
TICKS = {"1", "y", "yes", "true", "x", "0", "n", "no", "false", "not selected"}
LINKED = "@odata."
YES_OR_NO = {"yes", "no"}
QUARTERS = {"0", "25", "50", "75", "100"}
CODES = re.compile(r"^[a-z0-9_]{1,16}(?: [a-z0-9_]{1,16})*$")
FEW = 12
LONGEST_OPTION = 60
OFTEN, WORDY = 3, 3  # times that an option was ticked at least; words of what was rather typed
OTHER = re.compile(r"other\b", re.IGNORECASE)
DECLINES = re.compile(
    r"(?:i(?:'d)? )?(?:would )?(?:prefer|rather) not|(?:i )?(?:don.?t|do not) know|not sure|none of|all of|not appl",
    re.IGNORECASE,
)
HIDDEN = "that few gave: people's own words, or options? List all options that the form has"
JOINED = re.compile(r"; |, |\||;.")
NOT_UNIQUE = "the id is not unique here"
COMPLETIONS = {
    "complete": "complete", "completed": "complete", "partial": "partial", "disqualified": "partial",
    "true": "complete", "false": "partial",  # Qualtrics' Finished
    "survey preview": "test", "survey test": "test", "ip address": "complete", "imported": "complete",  # and its Status
}  # fmt: skip


@dataclass
class Guess:
    """A question for the draft: its keys, what a person must fill in, what is unsure, and a word on its cells."""

    keys: dict[str, object]
    seen: str = ""
    unsure: list[str] = field(default_factory=list)
    fill: dict[str, str] = field(default_factory=dict)


def guess(header: str, cells: pd.Series, known: str | None, *, joins: str = "") -> Guess:
    """The likeliest role of one column; `known` is the role that the recognised tool gives it.

    `header` is the question where the tool writes it apart from the column's code. `joins` is what the tool puts
    between the options of a cell; one that joins by spaces writes them as codes.
    """
    filled = cells[cells.str.strip() != ""].str.strip()
    distinct = list(dict.fromkeys(filled))
    if known == "identity" or (known is None and IDENTITY.search(header) and not SERVICE.search(header)):
        doubt = [] if known or len(header) <= LONGEST_OPTION else ["the question is long for a name or an address"]
        return Guess({"role": "identity"}, "identity: dropped when a file is read", doubt)
    if known:
        return _of_the_tool(known, filled, distinct)
    if not distinct:
        return Guess({"role": "ignore"}, "every cell is empty", ["nothing was answered here yet"])
    if LINKED in header:
        return Guess({"role": "ignore"}, "where the tool keeps a repeat")
    return _by_cells(header, filled, distinct, joins)


def is_free_text(header: str, filled: pd.Series, distinct: list[str]) -> bool:
    """Could the cells be people's own words? When in doubt they are: a draft must never show those."""
    if all(map(WHOLE.match, distinct)) or RATE.search(header):
        return False
    repeated = len(distinct) <= FEW and len(distinct) * 2 <= len(filled)
    words = filled.str.count(r"\s+").max() + 1
    return bool(OPEN.search(header) and words > 1) or bool(not repeated and (words > 2 or OPEN.search(header)))


def _of_the_tool(role: str, filled: pd.Series, distinct: list[str]) -> Guess:
    found = Guess({"role": role}, _samples(distinct))
    if role == "submitted_at":
        formats, unsure = date_formats(filled)
        found.keys["dates"], found.unsure = formats, unsure
        if not formats and distinct:
            found.fill["dates"] = "the formats that these are written in, e.g. ['%d/%m/%Y %H:%M']"
    if role == "completion":
        found.keys["values"], found.unsure = _completion(distinct)
    if role == "record_id" and (filled.duplicated().any() or not distinct):
        found.unsure = [NOT_UNIQUE]
    return found


def _by_cells(header: str, filled: pd.Series, distinct: list[str], joins: str) -> Guess:
    if RECORD_ID.search(header):
        unique = len(distinct) == len(filled)
        return Guess({"role": "record_id" if unique else "ignore"}, _samples(distinct), [] if unique else [NOT_UNIQUE])
    if dated := _dated(filled, distinct):
        return dated
    if CONSENT.search(header) and len(distinct) <= FEW and any(map(AGREES.match, distinct)):
        return _consent(distinct)
    if _names_services(header, filled, distinct):
        note = f"a code for each that services.yaml does not name; seen: {_seen(distinct)}"
        return Guess({"role": "service", "values": {}}, _samples(distinct), fill={"values": note})
    if options := _delimited(filled, joins) or _beside_options(header, filled):
        return options
    if is_free_text(header, filled, distinct):
        return _comment(filled)
    if BAND.search(header):
        bands, _ = _told_apart(filled)
        return Guess({"role": "characteristic", "options": bands}, _samples(bands), ["are these bands?"])
    return _closed(header, filled, distinct)


def _dated(filled: pd.Series, distinct: list[str]) -> Guess | None:
    if is_so_long_ago(filled).all():
        told = ["counted back from when the file came: is that when it was exported?"]
        return Guess({"role": "submitted_on", "dates": ["ISO8601"]}, _samples(distinct), told)
    formats, unsure = date_formats(filled)
    role = "submitted_at" if any("%H" in layout or "ISO" in layout for layout in formats) else "submitted_on"
    return Guess({"role": role, "dates": formats}, _samples(distinct), unsure) if formats else None


def _closed(header: str, filled: pd.Series, distinct: list[str]) -> Guess:
    numeric = all(map(WHOLE.match, distinct))
    if len(distinct) > 1 and set(distinct) <= QUARTERS and set(distinct) - {"0", "1"}:
        return Guess({"role": "rating", "scale": {"0": 0, "100": 100}}, _samples(distinct), ["is 100 the best?"])
    if (numeric and len(distinct) > 1 and set(distinct) != {"0", "1"}) or (
        RATE.search(header) and len(distinct) <= FEW
    ):
        note = f"points for each answer, more points = better, e.g. {{'1': 1, '5': 5}}; seen: {_seen(sorted(distinct))}"
        return Guess({"role": "rating", "scale": {}}, _samples(distinct), fill={"scale": note})
    if not numeric and all(map(NUMBER.match, distinct)):
        return Guess({"role": "ignore"}, _samples(distinct), ["numbers: an answer, or the tool's own?"])
    if {cell.lower() for cell in distinct} <= YES_OR_NO and header.endswith("?"):
        return Guess({"role": "choice", "options": distinct}, _samples(distinct))
    if {cell.lower() for cell in distinct} <= TICKS:
        return Guess({"role": "ignore"}, _samples(distinct), ["ticks only: a choice, or somebody's label?"])
    if len(distinct) <= FEW and len(distinct) * 2 <= len(filled):
        several = any(map(JOINED.search, distinct))
        doubt = ["are several options joined in a cell? Then: multi: delimited, and its delimiter"] if several else []
        return Guess({"role": "choice", "options": distinct}, _samples(distinct), doubt)
    return _comment(filled, ["is this what people wrote, or options?"])


def _names_services(header: str, filled: pd.Series, distinct: list[str]) -> bool:
    short = filled.str.len().max() <= LONGEST_OPTION and len(distinct) <= FEW * 3
    asks = SERVICE.search(header) and not OPEN.search(header) and not RATE.search(header)
    return bool(asks and short and not all(map(WHOLE.match, distinct)))


def _delimited(filled: pd.Series, joins: str) -> Guess | None:
    """Several options in one cell: few parts, each met often, in more combinations than there are parts.

    Where every cell ends in a semicolon a tool joined them, as Microsoft Forms does, however few combinations are met;
    so did one that writes codes, in which no space can stand.
    """
    by_spaces = joins == " " and bool(filled.str.fullmatch(CODES).all())
    for delimiter in (";", ", ", "|", *([joins] if joins == "," or by_spaces else [])):
        if not filled.str.contains(_between(delimiter), regex=True).any():
            continue
        parts = filled.str.split(_between(delimiter), regex=True).explode().str.strip()
        options, rare = _told_apart(parts[parts != ""])
        repeated = 0 < len(options) <= FEW and len(parts) >= len(options) * 3 and _are_short(options)
        by_a_tool = delimiter == " " or (delimiter == ";" and filled.str.endswith(";").all())
        combined = filled[parts.isin(["", *options]).groupby(level=0).all()].nunique()
        if repeated and (by_a_tool or combined > len(options)):
            keys: dict[str, object] = {
                "role": "choice",
                "multi": "delimited",
                "delimiter": delimiter,
                "options": options,
            }
            return _with_own_words(keys, rare, ["does no option hold the delimiter itself?"])
    return None


def _beside_options(header: str, filled: pd.Series) -> Guess | None:
    """One option in a cell, and what some people wrote in its place."""
    options, rare = _told_apart(filled)
    named = any(map(OTHER.match, options))
    closed = 1 < len(options) <= FEW and _are_short(options) and not all(map(WHOLE.match, options))
    other_kind = RATE.search(header) or BAND.search(header) or (OPEN.search(header) and not named)
    if other_kind or not (closed and (rare or named)):
        return None
    return _with_own_words({"role": "choice", "options": options}, rare, [])


def _told_apart(answers: pd.Series) -> tuple[list[str], int]:
    """The options, and how many different answers are none: rare ones, where one of them is longer than an option's
    words are and most answers are not. Of those nothing is shown, be they words or options.
    """
    counts = answers.value_counts(sort=False)
    often = [str(answer) for answer in counts.index[(counts >= OFTEN) | counts.index.str.match(OTHER)]]
    known = {word for option in often for word in _words(option)}
    options = [str(answer) for answer in counts.index if answer in often or _reads_as_an_option(str(answer), known)]
    rare = [str(answer) for answer in counts.index if answer not in options]
    if not any(len(_words(answer)) >= WORDY for answer in rare) or counts[options].sum() * 3 < counts.sum() * 2:
        return list(counts.index), 0
    return options, len(rare)


def _reads_as_an_option(answer: str, known: set[str]) -> bool:
    """Whether it declines to answer, or is made of the words of options that many ticked ("Hundreds of thousands")."""
    words = _words(answer)
    return bool(DECLINES.match(answer)) or sum(word in known for word in words) * 2 > len(words)


def _words(answer: str) -> list[str]:
    return re.findall(r"[^\W_]+", answer.lower())


def _with_own_words(keys: dict[str, object], rare: int, unsure: list[str]) -> Guess:
    options = [str(option) for option in cast("list[str]", keys["options"])]
    if rare:
        unsure = [*unsure, f"not shown: {some(rare, 'answer')} {HIDDEN}"]
    elif any(map(OTHER.match, options)):
        unsure = [*unsure, "is what people type beside 'Other' in these cells? If not: no own_words"]
    heard = {"own_words": True} if rare or any(map(OTHER.match, options)) else {}
    return Guess({**keys, **heard}, _samples(options), unsure)


def _are_short(options: list[str]) -> bool:
    return max(map(len, options)) <= LONGEST_OPTION


def _between(delimiter: str) -> str:
    """The pattern of a delimiter; the comma that Qualtrics joins by has no space behind it, as one in an option has."""
    return re.escape(delimiter) + ("(?! )" if delimiter == "," else "")


def _comment(filled: pd.Series, unsure: list[str] | None = None) -> Guess:
    lengths = filled.str.len()
    return Guess({"role": "comment"}, f'free text: "…" {lengths.min()}–{lengths.max()} characters', unsure or [])


def _consent(distinct: list[str]) -> Guess:
    yes = [cell for cell in distinct if AGREES.match(cell)]
    no = [cell for cell in distinct if REFUSES.match(cell)]
    keys: dict[str, object] = {"role": "consent_publish", "true_values": yes, "false_values": no}
    return Guess(keys, _samples(distinct), ["is it consent to publish, and not only to take part?"])


def _completion(distinct: list[str]) -> tuple[dict[str, str], list[str]]:
    values = {cell: COMPLETIONS[cell.lower()] for cell in distinct if cell.lower() in COMPLETIONS}
    return values, ["an answer here is in no list"] if len(values) < len(distinct) else []


def _samples(distinct: list[str]) -> str:
    return "e.g. " + ", ".join(_short(cell) for cell in distinct[:3]) if distinct else "every cell is empty"


def _seen(distinct: list[str]) -> str:
    return ", ".join(_short(cell) for cell in distinct[:FEW])


def _short(cell: str) -> str:
    flat = " ".join(cell.split())
    return f'"{flat if len(flat) <= 40 else flat[:39] + "…"}"'
