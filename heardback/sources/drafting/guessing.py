"""What a column may mean, judged by its header and its cells; whatever is doubtful is marked as unsure."""

import re

import pandas as pd

from heardback.sources.drafting.guesses import FEW, LONGEST_OPTION, WHOLE, Guess, samples, seen_few
from heardback.sources.drafting.guessing_dates import date_formats
from heardback.sources.drafting.guessing_options import delimited_options, options_and_words, told_apart
from heardback.sources.mapping.relative_dates import is_so_long_ago

IDENTITY = re.compile(
    r"e-?mail|\bname\b|\bip[ _]?addr|user.?agent|latitude|longitude|\bgps\b|phone|mobile|post ?code"
    r"|(?:home|street|postal|your) address|^address|date of birth|\bdob\b|device ?id|username|submitter"
    r"|^(?:your |my )?(?:social|support|key) ?worker$"
    r"|\benw\b|e-?bost|\bcyfeiriad\b|dyddiad geni|ff[oô]n\b|cod post|^gweithiwr (?:cymdeithasol|allweddol)$",
    re.IGNORECASE,
)
CONSENT = re.compile(
    r"consent|permission|publicly|\bpublish|\bquoted?\b|\bok to (?:share|use)|(?:may|can) we (?:share|show|use)"
    r"|\b(?:share|show|use)\b.*\b(?:words|comments?|answers?|information|what you (?:said|say|told|wr[io]te))\b"
    r"|cydsyn|caniat[aâ]d|\brannu\b|dyfyn|cyhoedd",
    re.IGNORECASE,
)
RECORD_ID = re.compile(r"(?:^|[\s_-])(?:id|ref|reference|key)\W*$", re.IGNORECASE)
BAND = re.compile(r"\bage\b|how old|age ?(?:band|group)|gender|ethnic|disab|\bsex\b|school year", re.IGNORECASE)
RATE = re.compile(r"\brat(?:e|ing)\b|satisf|\bscore\b|how (?:happy|likely|good)|out of (?:5|10)|smiley", re.IGNORECASE)
SERVICE = re.compile(r"\bservice\b|\bhub\b|\bteam\b|which project", re.IGNORECASE)
OPEN = re.compile(
    r"comment|improve|\bchange\b|tell us|\bwhy\b|what (?:could|would|should|did|do|was)|anything else|suggest|feedback"
    r"|please specify|write.?in|\bother\b|beth (?:ddylai|allwn|fyddai)|dywedwch|sylwadau|\bpam\b|unrhyw beth arall",
    re.IGNORECASE,
)
WRITTEN = re.compile(r"_(?:other|text)$| - text$|please specify", re.IGNORECASE)  # a field of words beside options
AGREES = re.compile(r"^(?:y|yes|agree|i agree|i consent|i do|true|1|ok|ydw|ydyn|ie|cytuno)$", re.IGNORECASE)
REFUSES = re.compile(r"^(?:n|no|disagree|i do not.*|false|0|na|nage|nac ydw|nac ydyn)$", re.IGNORECASE)
AGREES_AT_FIRST = re.compile(r"^(?:yes|i agree|i consent|ydw|ydyn|ie)\b", re.IGNORECASE)
CONTACT = re.compile(
    r"[^@\s]+@[^@\s]+\.[a-z]{2,}|(?:\+44|0)[\d ]{9,13}|[a-z]{1,2}\d[a-z\d]? ?\d[a-z]{2}", re.IGNORECASE
)  # an e-mail address, a telephone number, a post code
LINK = re.compile(r"https?://\S+")
DEGREE = re.compile(
    r"strongly (?:dis)?agree|very (?:dis)?satisfied|(?:extremely|very) (?:un)?(?:happy|likely)|very (?:good|poor)",
    re.IGNORECASE,
)
COUNTED = 10  # numbers that never repeat, and more of them than a scale has
NUMBER = re.compile(r"^[-+]?\d+(?:[.,]\d+)*$")
TICKS = {"1", "y", "yes", "true", "x", "0", "n", "no", "false", "not selected"}
LINKED = "@odata."
YES_OR_NO = {"yes", "no"}
QUARTERS = {"0", "25", "50", "75", "100"}
JOINED = re.compile(r"; |, |\||;.")
NOT_UNIQUE = "the id is not unique here"
COMPLETIONS = {
    "complete": "complete", "completed": "complete", "partial": "partial", "disqualified": "partial",
    "true": "complete", "false": "partial",  # Qualtrics' Finished
    "survey preview": "test", "survey test": "test", "ip address": "complete", "imported": "complete",  # and its Status
}  # fmt: skip


NO_TEST = {"": "complete", "0": "complete", "false": "complete", "no": "complete", "*": "test"}


def guess(header: str, cells: pd.Series, known: str | None, *, joins: str = "") -> Guess:
    """The likeliest role of one column; `known` is the role that the recognised tool gives it.

    `header` is the question where the tool writes it apart from the column's code. `joins` is what the tool puts
    between the options of a cell; one that joins by spaces writes them as codes.
    """
    filled = cells[cells.str.strip() != ""].str.strip()
    distinct = list(dict.fromkeys(filled))
    if known == "test":
        return Guess({"role": "completion", "values": dict(NO_TEST)}, samples(distinct))
    if known is None and distinct and not RECORD_ID.search(header) and all(map(CONTACT.fullmatch, distinct)):
        return Guess({"role": "identity"}, "identity: dropped when a file is read")
    if known == "identity" or (known is None and IDENTITY.search(header) and not SERVICE.search(header)):
        doubt = [] if known or len(header) <= LONGEST_OPTION else ["the question is long for a name or an address"]
        return Guess({"role": "identity"}, "identity: dropped when a file is read", doubt)
    if known:
        return _of_the_tool(known, filled, distinct)
    if not distinct:
        return Guess({"role": "ignore"}, "every cell is empty", ["nothing was answered here yet"])
    if all(map(LINK.fullmatch, distinct)):
        return Guess({"role": "ignore"}, "links, as of files that people sent")
    if LINKED in header:
        return Guess({"role": "ignore"}, "where the tool keeps a repeat")
    return _by_cells(header, filled, distinct, joins)


def is_free_text(header: str, filled: pd.Series, distinct: list[str]) -> bool:
    """Could the cells be people's own words? When in doubt they are: a draft must never show those."""
    if all(map(WHOLE.match, distinct)) or RATE.search(header) or {cell.lower() for cell in distinct} <= TICKS:
        return False
    if WRITTEN.search(header):
        return True
    repeated = len(distinct) <= FEW and len(distinct) * 2 <= len(filled)
    words = filled.str.count(r"\s+").max() + 1
    return bool(OPEN.search(header) and words > 1) or bool(not repeated and (words > 2 or OPEN.search(header)))


def _of_the_tool(role: str, filled: pd.Series, distinct: list[str]) -> Guess:
    found = Guess({"role": role}, samples(distinct))
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
        return Guess({"role": "record_id" if unique else "ignore"}, samples(distinct), [] if unique else [NOT_UNIQUE])
    if dated := _dated(filled, distinct):
        return dated
    if CONSENT.search(header) and len(distinct) <= FEW and any(map(_agrees, distinct)):
        return _consent(distinct)
    if _names_services(header, filled, distinct):
        note = f"a code for each that services.yaml does not name; seen: {seen_few(distinct)}"
        return Guess({"role": "service", "values": {}}, samples(distinct), fill={"values": note})
    if options := _options(header, filled, joins):
        return options
    if is_free_text(header, filled, distinct):
        return _comment(filled)
    if BAND.search(header):
        bands, _ = told_apart(filled)
        return Guess({"role": "characteristic", "options": bands}, samples(bands), ["are these bands?"])
    return _closed(header, filled, distinct)


def _options(header: str, filled: pd.Series, joins: str) -> Guess | None:
    """What was ticked; in a field of words nothing is."""
    if WRITTEN.search(header):
        return None
    if joined := delimited_options(filled, joins):
        return joined
    if RATE.search(header) or BAND.search(header):
        return None
    return options_and_words(filled, asks_for_words=bool(OPEN.search(header)))


def _dated(filled: pd.Series, distinct: list[str]) -> Guess | None:
    if is_so_long_ago(filled).all():
        told = ["counted back from when the file came: is that when it was exported?"]
        return Guess({"role": "submitted_on", "dates": ["ISO8601"]}, samples(distinct), told)
    formats, unsure = date_formats(filled)
    role = "submitted_at" if any("%H" in layout or "ISO" in layout for layout in formats) else "submitted_on"
    return Guess({"role": role, "dates": formats}, samples(distinct), unsure) if formats else None


def _closed(header: str, filled: pd.Series, distinct: list[str]) -> Guess:
    numeric = all(map(WHOLE.match, distinct))
    if numeric and COUNTED < len(distinct) == len(filled):
        own = "numbers that never repeat: a card's or a row's own? If it names the answer, it is part of natural_key"
        return Guess({"role": "ignore"}, samples(distinct), [own])
    if len(distinct) > 1 and set(distinct) <= QUARTERS and set(distinct) - {"0", "1"}:
        return Guess({"role": "rating", "scale": {"0": 0, "100": 100}}, samples(distinct), ["is 100 the best?"])
    if (numeric and len(distinct) > 1 and set(distinct) != {"0", "1"}) or (
        (RATE.search(header) or any(map(DEGREE.fullmatch, distinct))) and len(distinct) <= FEW
    ):
        note = (
            f"points for each answer, more points = better, e.g. {{'1': 1, '5': 5}}; seen: {seen_few(sorted(distinct))}"
        )
        return Guess({"role": "rating", "scale": {}}, samples(distinct), fill={"scale": note})
    if not numeric and all(map(NUMBER.match, distinct)):
        return Guess({"role": "ignore"}, samples(distinct), ["numbers: an answer, or the tool's own?"])
    if {cell.lower() for cell in distinct} <= YES_OR_NO and header.endswith("?"):
        return Guess({"role": "choice", "options": distinct}, samples(distinct))
    if {cell.lower() for cell in distinct} <= TICKS:
        return Guess({"role": "ignore"}, samples(distinct), ["ticks only: a choice, or somebody's label?"])
    if len(distinct) <= FEW and len(distinct) * 2 <= len(filled):
        several = any(map(JOINED.search, distinct))
        doubt = ["are several options joined in a cell? Then: multi: delimited, and its delimiter"] if several else []
        return Guess({"role": "choice", "options": distinct}, samples(distinct), doubt)
    return _comment(filled, ["is this what people wrote, or options?"])


def _names_services(header: str, filled: pd.Series, distinct: list[str]) -> bool:
    short = filled.str.len().max() <= LONGEST_OPTION and len(distinct) <= FEW * 3
    asks = SERVICE.search(header) and not OPEN.search(header) and not RATE.search(header)
    return bool(asks and short and not all(map(WHOLE.match, distinct)))


def _comment(filled: pd.Series, unsure: list[str] | None = None) -> Guess:
    lengths = filled.str.len()
    return Guess({"role": "comment"}, f'free text: "…" {lengths.min()}–{lengths.max()} characters', unsure or [])


def _agrees(cell: str) -> bool:
    return bool(AGREES.match(cell) or AGREES_AT_FIRST.match(cell))


def _consent(distinct: list[str]) -> Guess:
    yes = [cell for cell in distinct if AGREES.match(cell)]
    no = [cell for cell in distinct if REFUSES.match(cell)]
    keys: dict[str, object] = {"role": "consent_publish", "true_values": yes, "false_values": no}
    doubts = ["is it consent to publish, and not only to take part?"]
    if others := [cell for cell in distinct if cell not in yes and cell not in no]:
        doubts.append(f"neither a yes nor a no as it stands: {seen_few(others)}; without a place it is 'not asked'")
    fill = {} if yes else {"true_values": "the answers that are a yes"}
    return Guess(keys, samples(distinct), doubts, fill=fill)


def _completion(distinct: list[str]) -> tuple[dict[str, str], list[str]]:
    values = {cell: COMPLETIONS[cell.lower()] for cell in distinct if cell.lower() in COMPLETIONS}
    return values, ["an answer here is in no list"] if len(values) < len(distinct) else []
