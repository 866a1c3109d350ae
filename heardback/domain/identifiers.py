"""The shapes of what points to a person in the United Kingdom.

Every repeat is bounded, so no text can make a pattern run away.
"""

import re

NHS_WEIGHTS = range(10, 1, -1)
MONTHS = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    "|nov(?:ember)?|dec(?:ember)?"
)
# The areas, so that "b4 5pm" and "year e2 4th" are not taken for one.
AREAS = (
    "A[BL]|B[ABDHLNRST]?|C[ABFHMORTVW]|D[ADEGHLNTY]|E[CHNX]?|F[KY]|G[LUY]?|H[ADGPRSUX]|I[GMPV]|JE|K[ATWY]|L[ADELNSU]?|M[EKL]?"
    "|N[EGNPRW]?|O[LX]|P[AEHLOR]|R[GHM]|S[AEGKLMNOPRSTWY]?|T[ADFNQRSW]|UB|W[ACDFNRSV]?|YO|ZE|ZZ"
)
DATE = (
    rf"\d{{1,2}}(?:[/.\- ]\d{{1,2}}[/.\- ]|(?:st|nd|rd|th)?[ ,]{{1,2}}(?:of )?(?:{MONTHS})[ ,.]{{1,2}})(?:19|20)?\d\d"
)
YEARLESS = rf"(?:\d{{1,2}}(?:st|nd|rd|th)? (?:of )?(?:{MONTHS})|(?:{MONTHS}) \d{{1,2}}(?:st|nd|rd|th)?)"
FIGURE = "(?:zero|oh|nought|one|two|three|four|five|six|seven|eight|nine|hundred|double|treble|triple)"
MAILERS = "gmail|hotmail|outlook|yahoo|icloud|live|btinternet|sky|aol|msn|googlemail|protonmail|proton|ymail|me"
SITES = (
    "insta(?:gram)?|ig|snap ?chat|snap|sc|tik ?tok|tt|discord|twitter|facebook|fb|whats ?app|roblox|xbox|psn|gamer ?tag"
    "|youtube|kik|telegram|user ?name"
)
STREETS = "road|rd|street|st|avenue|ave|crescent|cres|terrace|grove|gardens|gdns|mews|lane|ln"
# Ordinary words too ("10 minutes walk"), so these need capitals before them and of their own.
WORDLIKE_STREETS = (
    "Close|Drive|Way|Court|Ct|Place|Hill|Park|Row|Walk|Square|Green|Rise|View|Parade|Croft|Wharf|Quay|Gate|Bank|Fold"
    "|House|Towers?|Point|Heights|Quayside"
)
SCHOOLS = "primary|infants?|juniors?|secondary|high|grammar|academy|college|school|nursery|preschool|sixth form"

# Words that may stand before a street's or a school's kind of word without being its name.
NO_NAME = (
    "the|a|an|of|to|at|in|on|by|my|our|your|his|her|their|its|this|that|these|those|same|whole|"
    "every|each|any|no|some|all|one|both|and|or|but|for|from|with|as|is|was|are|new|old|big|"
    "busy|main|next|last|other|another|different|local|nearest|after|before|during|off|down|up|"
    "between|since|into|outside|near|across|over|min|mins|minutes?|miles?|metres?|yards?|hours?|days?|"
    "weeks?|months?|years?|yr|times?|people|kids|children|more|hate|like|love|left|start|started|"
    "finish|missed|miss|leave|skip|back|go|goes|went|get|so|when|if|because|cos|about|not|at|day|"
    "i|we|you|he|she|they|it|please|open|make|keep"
)
NO_SCHOOL = (
    "long|high|primary|secondary|special|middle|upper|lower|boarding|mainstream|art|music|drama|dance|"
    "football|boxing|summer|sunday|saturday|holiday|homework|proper|good|great|nice|bus|car|school|"
    "academy|nursery|college"
)
NAMING = rf"(?!(?:{NO_NAME})\b)[^\W\d_][\w'’-]{{1,24}}"
SCHOOL_NAMING = rf"(?!(?:{NO_SCHOOL})\b){NAMING}"
CAPITAL_SCHOOL = rf"(?!(?i:{NO_NAME}|{NO_SCHOOL})\b)[A-Z][\w'’-]{{0,24}}"
CAPITAL_NAMING = rf"(?!(?i:{NO_NAME})\b)[A-Z][\w'’-]{{0,24}}"

EMAIL = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64} ?(?:@|\(at\)|\[at\]) ?[\w-]{1,63}(?:(?:\.| \. | dot )[\w-]{1,24}){1,4}"
    rf"|(?<![\w.+-])[\w.+-]{{1,64}} at (?:{MAILERS}) ?(?:\.| dot ) ?(?:com|co ?(?:\.| dot ) ?uk|net|org)\b",
    re.IGNORECASE,
)
PHONE = re.compile(
    r"(?<![\w/#£.])(?:(?:\+|00) ?44[ ().-]{0,3}(?:\(?0\)?)?(?:[ ().-]{0,3}\d){9,10}"
    r"|\(?[0oO](?:[ ().-]{0,3}\d){9,10}|7\d{3}[ .-]?\d{3}[ .-]?\d{3})"
    rf"(?![\d/])|\b(?:zero|oh|nought)[ ,-]{{1,2}}(?:{FIGURE}[ ,-]{{0,2}}){{7,12}}",
    re.IGNORECASE,
)
POSTCODE_SHAPE = rf"(?:{AREAS})\d[A-Z\d]? {{0,2}}\d(?!(?:st|nd|rd|th)\b)[ABD-HJLNP-UW-Z]{{2}}"
POSTCODE = re.compile(rf"\b(?:{POSTCODE_SHAPE}|GIR ?0AA)\b", re.IGNORECASE)
HANDLE = re.compile(
    r"(?<![\w@.])@[\w.]{2,30}"
    r"|\b(?:instagram|facebook|fb|tiktok|snapchat|twitter|x|youtube|discord)\.(?:com|gg|me)/\S{1,60}"
    rf"|\b(?:{SITES})(?: name| user| tag| id| handle)?(?: is| as|'s|’s)? ?[:=-]? ?"
    r"(?P<it>[a-z][\w.]{0,28}[_.\d#]\w{1,20})"
    r"|\b\w{2,30}#\d{4}\b",
    re.IGNORECASE,
)
NHS_NUMBER = re.compile(r"(?<![\d+])\d{3}[ -]?\d{3}[ -]?\d{4}(?!\d)")
NI_NUMBER = re.compile(r"\b[A-Z]{2} ?\d\d ?\d\d ?\d\d ?[A-D]\b", re.IGNORECASE)
BIRTH_DATE = re.compile(
    r"\b(?:d\.? ?o\.? ?b\.?|date of birth|birth ?da(?:y|te)|born|bday|b-day)(?: is| on|'s|’s|:|-| the| was){0,3} {0,2}"
    rf"(?P<it>{DATE}|{YEARLESS})|(?<![\d/])\d{{1,2}}[/.-]\d{{1,2}}[/.-](?:19[3-9]\d|20[01]\d)(?!\d)",
    re.IGNORECASE,
)
DOOR = r"\b(?:(?i:flat|room|apartment|apt|unit) ?\d{1,3}[a-z]?,? )?\d{1,4}[a-z]?,? "
ADDRESS = re.compile(
    rf"{DOOR}(?:(?i:{NAMING}) ){{1,3}}(?i:{STREETS})\b"
    rf"|{DOOR}(?:{CAPITAL_NAMING} ){{1,3}}(?:{WORDLIKE_STREETS})\b"
    rf"|{DOOR}(?:[A-Z][\w'’-]{{0,24}} ){{1,2}}[A-Z][\w'’-]{{0,24}}(?=,? {POSTCODE_SHAPE}\b)"
    r"|(?i:\b(?:live|lives|living|house is|address is|moved to|stay|staying)(?: on| at| in|:)? )"
    rf"(?P<it>(?:(?i:{NAMING}) ){{1,3}}(?i:{STREETS}))\b"
    r"|\b(?i:flat|apartment) \d{1,3}[a-zA-Z]?\b"
)
CERTAIN_SCHOOLS = "(?:primary|academy|grammar|infants|juniors|high school)"
PUPIL = r"\b(?i:go to|goes to|went to|attends?|pupil at|year \d{1,2} at) "
SCHOOL = re.compile(
    rf"\b(?:{CAPITAL_SCHOOL}\.? ){{1,4}}(?:(?:{SCHOOLS}|{SCHOOLS.title()})\b ?){{1,3}}(?<! )"
    rf"|\b(?i:st\.? {SCHOOL_NAMING} (?:(?:rc|catholic|cofe|c of e) )?(?:{SCHOOLS})(?: school| academy| college)?)\b"
    # Looked for from its last word back: asked first, whether each word may be a name took twice as long.
    rf"|\b(?i:(?=[\w'’-]{{2,25}} {CERTAIN_SCHOOLS}\b){SCHOOL_NAMING} {CERTAIN_SCHOOLS}(?: school)?)\b"
    rf"|{PUPIL}(?P<it>(?i:{SCHOOL_NAMING} (?:{SCHOOLS})(?: school)?))\b|{PUPIL}(?P<named>St\.? {CAPITAL_SCHOOL})"
)


def is_nhs_number(match: re.Match[str]) -> bool:
    """Ten figures are one if set 3-3-4, if the letters NHS stand just before, or if the check digit is right."""
    before = match.string[max(0, match.start() - 30) : match.start()].lower()
    figures = [int(figure) for figure in match.group() if figure.isdigit()]
    return len(match.group()) > len(figures) or "nhs" in before or _check_digit(figures[:9]) == figures[9]


def _check_digit(figures: list[int]) -> int:
    """Modulo 11, as the NHS Data Dictionary gives it; 10 never occurs."""
    weighted = sum(figure * weight for figure, weight in zip(figures, NHS_WEIGHTS, strict=True))
    return (11 - weighted % 11) % 11
