"""Kinds of values that several of the files hold: a zone, a format of dates, an encoding, an address, a secret."""

import codecs
import re
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator

from config.date_formats import format_fault
from config.languages import LANGUAGES

CHANNELS = Literal[
    "online_survey", "exit_questionnaire", "feedback_box", "email", "sms", "phone", "face_to_face",
    "group_session", "advocate", "inspection",
]  # fmt: skip
TOOLS = (
    "limesurvey", "microsoft_forms", "google_forms", "smartsurvey", "surveymonkey", "surveygizmo", "citizen_space",
    "qualtrics", "kobo", "odk", "govuk_forms", "commonplace", "mailbox", "case_management", "typed_sheet", "other",
)  # fmt: skip

MOST_CHARACTERS = 60
SECRET = "HEARDBACK_SECRET_"  # how every variable that holds a secret begins  # noqa: S105


def code_of(text: str) -> str:
    """Small letters, digits and underscores: 'My worker!' becomes 'my_worker'."""
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")[:MOST_CHARACTERS].strip("_")


def as_compared(answer: str) -> str:
    """An answer in small letters and with single spaces, as a map's answers and a file's are held together."""
    return " ".join(answer.lower().split())


def _tool(name: str) -> str:
    if name not in TOOLS:
        raise ValueError(f"'{name}' is no tool that Heardback knows; one of: {', '.join(TOOLS)}")
    return name


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        raise ValueError(f"'{name}' is no time zone; write it as Europe/London") from None
    return name


def _date_format(text: str) -> str:
    if fault := format_fault(text):
        raise ValueError(f"'{text}' is no format of dates; {fault}")
    return text


def _pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(f"not a regular expression: {error}") from None
    return text


def _with_a_group(text: str) -> str:
    if text and not re.compile(_pattern(text)).groups:
        raise ValueError(r"brackets must stand around the day: _(\d{4}-\d\d-\d\d)\.csv$")
    return text


def _band(text: str) -> str:
    if not re.fullmatch(r"\d+(?:-\d+|\+)?", text):
        raise ValueError(f"'{text}' is no band; write 10-13, 18+ or one number")
    return text


def _encoding(name: str) -> str:
    try:
        codecs.lookup(name)
    except (LookupError, ValueError):
        raise ValueError(f"'{name}' is no encoding; common ones are utf-8-sig, cp1252, utf-16") from None
    return name


def _language(tag: str) -> str:
    if tag not in LANGUAGES:
        known = ", ".join(f"{tag} {name}" for tag, name in LANGUAGES.items())
        raise ValueError(f"'{tag}' is no language that Heardback tells from English; one of: {known}")
    return tag


def _secret(name: str) -> str:
    if not re.fullmatch(rf"{SECRET}[A-Z0-9_]+", name):  # and not quoted: it may be the secret itself
        raise ValueError("name the environment variable that holds the secret: HEARDBACK_SECRET_…, never the secret")
    return name


def _address(url: str) -> str:
    if not re.fullmatch(r"https?://[^\s/@?#]+(/[^\s@?#]*)?", url):
        raise ValueError("write the address as https://odk.example.org, without a user, a password, '?' or '#'")
    return url.rstrip("/")


Tool = Annotated[str, AfterValidator(_tool)]
Timezone = Annotated[str, AfterValidator(_zone)]
DateFormat = Annotated[str, AfterValidator(_date_format)]
Band = Annotated[str, AfterValidator(_band)]
Pattern = Annotated[str, AfterValidator(_pattern)]
PatternWithGroup = Annotated[str, AfterValidator(_with_a_group)]
Language = Annotated[str, AfterValidator(_language)]
Encoding = Annotated[str, AfterValidator(_encoding)]
SecretName = Annotated[str, AfterValidator(_secret)]
WebAddress = Annotated[str, AfterValidator(_address)]
