"""Where a person is found online: e-mail, web address, social media name."""

import re
from collections.abc import Iterator

from heardback.domain.identifying.lexicon import Lexicon
from heardback.domain.identifying.numbers import told

Found = Iterator[tuple[int, int]]
MAILERS = (
    "gmail|googlemail|hotmail|outlook|yahoo|ymail|rocketmail|icloud|live|msn|btinternet|sky|aol|protonmail|proton|me"
    "|mail"
)
ENDINGS = (
    "com|(?:co|org|ac|sch|gov) ?(?:\\.| dot ) ?uk|uk|org|net|info|io|eu|ie|fr|pl|ro|pt|es|it|de|example|test|invalid"
)
LOCAL = r"(?<![\w.+-])[\w.+-]{1,64}(?: (?:dot|underscore|dash|hyphen) [\w+-]{1,64}){0,3}"
EMAIL = re.compile(
    rf"{LOCAL}(?:@|(?: ?(?:\(at\)|\[at\]) ?))[\w-]{{1,63}}"
    r"(?:(?:\.| dot )[\w-]{1,24}){0,4}(?:\.| dot )[a-z][\w-]{1,23}"
    rf"|{LOCAL}(?:@ ?| @ )[\w-]{{1,63}}(?:\.[\w-]{{1,24}}){{0,3}} ?(?:\.| dot ) ?(?:{ENDINGS})\b"
    rf"|{LOCAL} at (?:(?:{MAILERS}) ?(?:\.| dot ) ?|[\w-]{{1,40}} dot )(?:{ENDINGS})\b"
    rf"|(?<![\w.@/])[\w.+-]{{2,40}}(?:gmail|hotmail|outlook|icloud|yahoo)\.(?:com|co\.uk)\b",
    re.IGNORECASE,
)
MAIL = re.compile(r"@|[\[(]at[\])]| at [\w-]{1,40} ?(?:\.|dot\b)|[a-z]\.co", re.IGNORECASE)
URL = re.compile(
    r"(?:\bhttps?:/{1,2}|\bwww\.)[^\s<>\"“”]{3,200}"
    r"|\b(?:instagram|facebook|fb|tiktok|snapchat|twitter|x|youtube|youtu|discord|linktr|linkedin|twitch|t|wa)"
    r"\.(?:com|gg|me|be|ee|tv)/[^\s<>\"“”]{1,100}",
    re.IGNORECASE,
)
OFFICIAL = re.compile(r"(?:https?:/{1,2})?(?:[\w-]{1,40}\.){0,4}(?:gov|nhs|police)\.uk\b", re.IGNORECASE)
CLOSING = ".,;:!?)]}'’"
SITES = (
    "insta(?:gram)?|ig|snap ?chat|snap|sc|tik ?tok|tt|discord|twitter|facebook|fb|whats ?app|roblox|xbox|psn|ps[45]"
    "|steam|gamer ?tag|you ?tube|yt|twitch|kik|telegram|signal|be ?real|fortnite|minecraft|epic|user ?name|user|handle"
)
DEVICES = (
    "xbox",
    "ps4",
    "ps5",
    "psn",
    "fortnite",
    "minecraft",
    "steam",
    "signal",
    "epic",
    "user",
    "handle",
    "sc",
    "tt",
)
SPOKEN_TAIL = r"(?: (?:dot|underscore|dash|hyphen) [\w.\-]{1,29}){0,4}"
PLAIN = rf"[^\W_][\w.\-]{{1,29}}{SPOKEN_TAIL}"
AT = re.compile(r"(?<![\w@.])@(?P<it>[A-Za-z_][\w.]{1,29})")
AFTER = re.compile(
    rf"\b(?:{SITES})\b(?P<bare>(?: ?(?:name|user(?:name)?|tag|id|handle|account|acc|page))?)"
    rf"(?P<link>(?:['’]s|(?: is| are| as| ?[:=-]| called){{0,2}})) {{0,2}}[“\"'(]?(?P<it>{PLAIN})",
    re.IGNORECASE,
)
BEFORE = re.compile(
    r"\b(?:add|follow|msg|message|dm|pm|find|its|im|i['’]?m|i am|called|as|it['’]?s|me)(?: me| us)? "
    rf"(?P<it>{PLAIN}) (?:on|in) (?:{SITES})\b",
    re.IGNORECASE,
)
OWN = re.compile(r"\bmy (?:@|at|handle|user ?name) (?:is|=) ?@?(?P<it>[^\W_][\w.\-]{2,29})", re.IGNORECASE)
TAGGED = re.compile(r"(?<![\w#])\w{2,30}(?:#| hash(?:tag)? )\d{3,5}\b")
MADE_UP = re.compile(r"\w*[_.\d-]\w")
NUMBERED = re.compile(r"[\d.:/-]+(?:am|pm|st|nd|rd|th|k|p|m)?", re.IGNORECASE)


def find_emails(text: str) -> Found:
    """name@place.tld, also spaced, bracketed or spoken: "name at gmail dot com"."""
    if MAIL.search(text):
        yield from (match.span() for match in EMAIL.finditer(text))


def find_urls(text: str) -> Found:
    """Web addresses, save those of the government, the NHS and the police."""
    for match in URL.finditer(text):
        if not OFFICIAL.match(match.group()):
            yield match.start(), match.start() + len(match.group().rstrip(CLOSING))


def find_handles(text: str, lexicon: Lexicon) -> Found:
    """@name, name#1234, and what follows or precedes a site's name, unless it is an ordinary word."""
    for match in AT.finditer(text):
        if not lexicon.is_ordinary(match["it"].lower().rstrip(".")):
            yield match.start(), match.start() + len(match.group().rstrip("."))
    yield from (match.span() for match in TAGGED.finditer(text))
    for match in AFTER.finditer(text):
        if _is_handle(match["it"], lexicon, linked=_is_linked(match)):
            yield match.start("it"), match.start("it") + len(match["it"].rstrip(".-"))
    for match in (*BEFORE.finditer(text), *OWN.finditer(text)):
        if _is_handle(match["it"], lexicon, linked=True):
            yield told(match)


def _is_linked(match: re.Match[str]) -> bool:
    """Whether words say that a name follows; "the ps4 is …" says nothing of the kind."""
    link = match["link"].strip()
    return bool(match["bare"] or link in (":", "=") or (link and not match.group().lower().startswith(DEVICES)))


def _is_handle(word: str, lexicon: Lexicon, *, linked: bool) -> bool:
    """A made-up word with a figure, dot or underscore inside; where "is" or a colon leads to it, any unusual word."""
    lower = word.lower().rstrip(".-")
    if " " in lower:  # "kaz underscore 09"
        return True
    if (
        len(lower) < 3
        or NUMBERED.fullmatch(lower)
        or all(lexicon.is_ordinary(part) for part in re.split(r"[.-]", lower))
    ):
        return False
    return bool(MADE_UP.match(lower)) or linked
