"""Whether an ask and an answer say anything: simple rules against “we included all the feedback you gave us”."""

import re

FEWEST_WORDS = 5  # "We fixed the front door." is about the shortest answer that still says what was done
SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
WORD = re.compile(r"\w+(?:['’]\w+)?")

_WORDS_BETWEEN = r"(?:\w+ ){0,3}"
_WHAT_WAS_SAID = r"(?:feedback|comments?|views?|opinions?|suggestions?|thoughts?|voices?)"
_TAKEN_IN = r"(?:included?|incorporated?|considered?|reviewed?|analysed?|acknowledged?|noted?|received?|read|used?)"
_HEARD = r"(?:listened|listening|listen|heard|hear) (?:to )?"
_AT_WORK = (
    r"(?:consider|look(?:ing)? (?:in|at)|explor|review|work(?:ing)? (?:hard|on|towards)|try(?:ing)? (?:our|to do))"
)

# A sentence that holds one of these tells nobody what was done. The rest of the answer is judged without it.
EMPTY_PHRASES = re.compile(
    "|".join(
        (
            rf"\b{_TAKEN_IN} (?:all )?(?:of )?(?:the|your|this|these|everyone's) {_WORDS_BETWEEN}{_WHAT_WAS_SAID}\b",
            rf"\b(?:your|all) {_WORDS_BETWEEN}{_WHAT_WAS_SAID} {_WORDS_BETWEEN}(?:heard|valued|important|matters?)\b",
            rf"\b{_WHAT_WAS_SAID} (?:has|have) been (?:shared|passed|fed|noted|considered)\b",
            rf"\b{_HEARD}(?:you|your|what you|everyone|young people|families|all)\b",
            r"\btak(?:e|en|ing) (?:\w+ ){0,9}(?:on board|into account|into consideration|seriously)\b",
            r"\b(?:passed|fed|shared) (?:it |this |that |them )?(?:on|up|back)\b",
            rf"\b(?:will|are|is|have been|always) (?:\w+ )?{_AT_WORK}",
            r"\bcontinu\w* to (?:improve|listen|work|learn)\b",
            r"\b(?:committed|strive) to\b",
            rf"\bthank(?:s| you) for {_WORDS_BETWEEN}{_WHAT_WAS_SAID}\b",
        )
    ),
    re.IGNORECASE,
)
EMPTY_ASKS = frozenset(
    {
        *("a", "about", "all", "and", "any", "from", "it", "of", "on", "other", "our", "some", "the", "their", "to"),
        *("better", "comment", "comments", "concern", "concerns", "feedback", "general", "improve", "improvement"),
        *("improvements", "issue", "issues", "matters", "misc", "miscellaneous", "more", "people", "points", "said"),
        *("service", "services", "suggestion", "suggestions", "survey", "things", "thoughts", "untitled", "various"),
        *("view", "views", "what", "you", "young", "your"),
    }
)


def says_something(wording: str) -> bool:
    """Whether enough is left of an answer once its empty sentences are taken out."""
    told = " ".join(sentence for sentence in SENTENCE_END.split(wording) if not EMPTY_PHRASES.search(sentence))
    return len(WORD.findall(told)) >= FEWEST_WORDS


def asks_something(title: str) -> bool:
    """Whether a title names at least one thing that could be done or not done."""
    return any(word.lower() not in EMPTY_ASKS and not word.isdigit() for word in WORD.findall(title))
