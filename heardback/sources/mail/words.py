"""What somebody wrote themselves in a mail, without what their program put around it. When in doubt, it stays.

Hi, the waiting room is freezing.        Hi, the waiting room is freezing.
Sent from my iPhone                  →
On 3 Nov 2026 at 09:12, YJS wrote:
> How was your visit?
"""

import re

# "On 3 Nov 2026 at 09:12, Northmere YJS <yjs@…> wrote:", over up to three lines; with a time or an address, for
# "On day 2 my friend wrote:" may be somebody's own.
ATTRIBUTION = re.compile(r"^[ \t>]*On\b[^\n]{0,200}(?:\n[^\n]{0,200}){0,2}?\bwrote:[ \t]*$", re.MULTILINE)
TIME_OR_ADDRESS = re.compile(r"\d[:.]\d\d|@")
FIELD = r"[ \t>]*\*?(?:From|Sent|Date|To|Cc|Subject|Reply-To|Importance):\*?[^\n]*(?:\n+|\Z)"
HEADS = (
    re.compile(r"^[ \t>]*-{2,} ?(?:Original|Forwarded) [Mm]essage ?-{2,}[ \t]*\n", re.MULTILINE),
    re.compile(r"^[ \t>]*Begin forwarded message:[ \t]*\n", re.MULTILINE),
    # Outlook's: From, then soon Sent or Date, with what else belongs to it; a line may stand above.
    re.compile(
        rf"^(?:[ \t]*_{{5,}}[ \t]*\n+)?[ \t>]*\*?From:[^\n]*\n+"
        rf"(?=(?:{FIELD}){{0,2}}[ \t>]*\*?(?:Sent|Date):)(?:{FIELD})+",
        re.MULTILINE,
    ),
)
SIGNATURE = re.compile(r"^-- $", re.MULTILINE)  # with its space; without, it may be somebody's own line
# A mark before a space, another mark or nothing: ">:(" and ">5 people" are somebody's own.
MARKED = re.compile(r"^[ \t]*>(?:[ \t>]|$)")
ANY_MARK = re.compile(r"^[ \t]*>")
DEVICE = re.compile(
    r"^[ \t]*(?:Sent from (?:my |Samsung |Yahoo |Outlook )?(?:\w+ )?"
    r"(?:iPhone|iPad|iPod|Android|Galaxy|BlackBerry|Huawei|Pixel|Nokia|Xperia|Windows|mobile|phone|tablet|device|Mail"
    r"|Outlook)(?: (?:for|on|by|device|phone|smartphone|tablet|using|via)\b[^\n]{0,30})?"
    r"|Get Outlook for (?:iOS|Android)[^\n]{0,60})[.!]?[ \t]*$",
    re.IGNORECASE,
)
# How the paragraphs begin that mail servers add, and words of which such a paragraph has three: a child may well
# write "this email is confidential, do not tell my mum".
NOTICE = re.compile(
    r"^\W*(?:(?:external|caution|warning|disclaimer|notice|e-?mail)\b\W*)*(?:this (?:e-?mail|message|communication"
    r"|transmission)\b|the (?:information|contents?)\b|if you (?:are not|have received)\b|do not click\b"
    r"|please (?:notify|consider)\b|any views\b|e-?mails? (?:may|are|can)\b)",
    re.IGNORECASE,
)
LEGAL = re.compile(
    r"confidential|intended|recipient|privileged|attachments?\b|files transmitted|disclos|unauthori[sz]ed|virus|scanned"
    r"|originated|outside (?:of )?(?:the|our|this)|recogni[sz]e the sender|notify|in error|delete|prohibited|addressee"
    r"|addressed|monitored|liab|copying|distribut|freedom of information|before printing|environment|opinions",
    re.IGNORECASE,
)
LEGAL_WORDS = 3


def own_words(text: str) -> str:
    """The part of a mail's text that its writer wrote, white space trimmed.

    What a program quotes goes with its head, and what follows "-- ". A mail in which nothing would be left, because it
    was forwarded without a word, keeps what it quotes.
    """
    whole = text.replace("\r\n", "\n").replace("\r", "\n").replace("\N{NO-BREAK SPACE}", " ")
    return _trimmed(whole) or _unquoted(whole) or whole.strip()


def _trimmed(text: str) -> str:
    for end in (*HEADS, SIGNATURE):
        text = _before(end, text)
    return _without_notices(_without_quotations(text))


def _before(end: re.Pattern[str], text: str) -> str:
    """What stands before, where anything does: somebody may write below what they forward."""
    found = end.search(text)
    if not found:
        return text
    return text[: found.start()] if text[: found.start()].strip() else text[: found.start()] + text[found.end() :]


def _without_quotations(text: str) -> str:
    """Without marked lines. Below an attribution any mark will do; where none follows it, all below is quoted."""
    found = next((found for found in ATTRIBUTION.finditer(text) if TIME_OR_ADDRESS.search(found.group())), None)
    if not found:
        return _without_lines(text, MARKED)
    above, below = text[: found.start()], text[found.end() :]
    if above.strip() and not below.lstrip().startswith(">"):
        return _without_lines(above, MARKED)
    return _without_lines(above, MARKED) + "\n" + _without_lines(below, ANY_MARK)


def _without_lines(text: str, marked: re.Pattern[str]) -> str:
    return "\n".join(line for line in text.split("\n") if not (marked.match(line) or DEVICE.match(line)))


def _unquoted(text: str) -> str:
    """A quotation as if it had been written: without its head and its marks."""
    for head in (*HEADS, ATTRIBUTION):
        text = head.sub("", text)
    lines = [re.sub(r"^[ \t]*(?:>[ \t]?)+", "", line) if MARKED.match(line) else line for line in text.split("\n")]
    return _without_notices("\n".join(line for line in lines if not DEVICE.match(line)))


def _without_notices(text: str) -> str:
    paragraphs = [paragraph.strip() for paragraph in re.split(r"\n[ \t]*\n", text)]
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph and not _is_notice(paragraph))


def _is_notice(paragraph: str) -> bool:
    said = {found.lower() for found in LEGAL.findall(paragraph)}
    return bool(NOTICE.match(paragraph)) and len(said) >= LEGAL_WORDS - ("before printing" in said)
