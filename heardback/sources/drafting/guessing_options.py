"""Options that were ticked and words that were typed, told apart in the cells of a choice; no rare answer is shown."""

import re
from typing import cast

import pandas as pd

from heardback.domain.plurals import some
from heardback.sources.drafting.guesses import FEW, LONGEST_OPTION, WHOLE, Guess, samples

CODES = re.compile(r"^[a-z0-9_]{1,16}(?: [a-z0-9_]{1,16})*$")
OFTEN, WORDY = 3, 3  # times that an option was ticked at least; words of what was rather typed
OTHER = re.compile(r"other\b", re.IGNORECASE)
DECLINES = re.compile(
    r"(?:i(?:'d)? )?(?:would )?(?:prefer|rather) not|(?:i )?(?:don.?t|do not) know|not sure|none of|all of|not appl",
    re.IGNORECASE,
)
TOO_FEW = "not shown: too few answers to tell options from people's own words; list all options that the form has"
HIDDEN = "that few gave: people's own words, or options? List all options that the form has"


def delimited_options(filled: pd.Series, joins: str) -> Guess | None:
    """Several options in one cell: few parts, each met often, in more combinations than there are parts.

    Where every cell ends in a semicolon a tool joined them, as Microsoft Forms does, however few combinations are met;
    so did one that writes codes, in which no space can stand.
    """
    by_spaces = joins == " " and bool(filled.str.fullmatch(CODES).all())
    for delimiter in (";", ", ", "|", *([joins] if joins == "," or by_spaces else [])):
        if not filled.str.contains(_between(delimiter), regex=True).any():
            continue
        parts = filled.str.split(_between(delimiter), regex=True).explode().str.strip()
        options, rare = told_apart(parts[parts != ""])
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
    if filled.str.endswith(";").all():
        return Guess({"role": "choice", "multi": "delimited", "delimiter": ";"}, "", [TOO_FEW])
    return None


def options_and_words(filled: pd.Series, *, asks_for_words: bool) -> Guess | None:
    """One option in a cell, and what some people wrote in its place; a question that asks for words has an "Other"."""
    options, rare = told_apart(filled)
    named = any(map(OTHER.match, options))
    closed = 1 < len(options) <= FEW and _are_short(options) and not all(map(WHOLE.match, options))
    if not closed or not (named or (rare and not asks_for_words)):
        return None
    return _with_own_words({"role": "choice", "options": options}, rare, [])


def told_apart(answers: pd.Series) -> tuple[list[str], int]:
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
    return Guess({**keys, **heard}, samples(options), unsure)


def _are_short(options: list[str]) -> bool:
    return max(map(len, options)) <= LONGEST_OPTION


def _between(delimiter: str) -> str:
    """The pattern of a delimiter; the comma that Qualtrics joins by has no space behind it, as one in an option has."""
    return re.escape(delimiter) + ("(?! )" if delimiter == "," else "")
