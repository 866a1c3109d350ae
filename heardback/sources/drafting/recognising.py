"""Which tool wrote a file, told by its headers, and what that tool's own columns mean."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from heardback.domain.words import Tool

CITIZEN_SPACES_IDS = r"[A-Z]{4}(?:-[A-Z0-9]{4}){2}-[A-Z0-9]"
SURVEYMONKEYS_IDS = r"\d{7,13}"


@dataclass(frozen=True)
class Signature:
    """Headers (small letters) that only one tool writes together, and the roles of its own columns.

    A header that others write as well says something only where it stands `first`, over cells that look like `cells`.
    """

    tool: Tool
    headers: frozenset[str]
    roles: Mapping[str, str]
    first: str = ""
    cells: str = ""

    def fits(self, headers: Sequence[str], first_cells: Sequence[str]) -> bool:
        """Whether a file is of this tool, by its headers (small letters) and some filled cells of its first column."""
        begins = not self.first or headers[:1] == [self.first]
        looks = not self.cells or all(re.fullmatch(self.cells, cell) for cell in first_cells)
        return begins and looks and self.headers <= set(headers)


def _signature(tool: Tool, headers: str, *, first: str = "", cells: str = "", **roles: str) -> Signature:
    """`headers` and the columns of each role are written with bars between them."""
    known = {column: role for role, columns in roles.items() for column in columns.split("|")}
    return Signature(tool, frozenset(headers.split("|")), known, first, cells)


SIGNATURES = (
    _signature(
        Tool.MICROSOFT_FORMS, "id|start time|completion time", record_id="id", submitted_at="completion time",
        identity="email|name", ignore="start time|last modified time",
    ),
    _signature(
        Tool.LIMESURVEY, "id|submitdate|lastpage", record_id="id", submitted_at="submitdate",
        language="startlanguage", ignore="lastpage|seed|startdate|datestamp|refurl", identity="ipaddr|token",
    ),
    _signature(
        Tool.LIMESURVEY, "response id|date submitted|last page", record_id="response id",
        submitted_at="date submitted", language="start language", identity="ip address|access code",
        ignore="last page|seed|date started|date last action|referrer url",
    ),
    _signature(
        Tool.KOBO, "_id|_uuid|_submission_time", record_id="_id", submitted_at="_submission_time",
        identity="_submitted_by|username|deviceid",
        ignore="_uuid|start|end|_index|_validation_status|_notes|_status|__version__|_tags",
    ),
    _signature(
        Tool.ODK, "submissiondate|key", record_id="key", submitted_at="submissiondate",
        identity="submitterid|submittername|deviceid|username|phonenumber",
        ignore="start|end|today|meta-instanceid|instanceid|attachmentspresent|attachmentsexpected|status|reviewstate"
               "|edits|formversion",
    ),
    _signature(
        Tool.ODK, "__id|__system/submissiondate", record_id="__id", submitted_at="__system/submissiondate",
        identity="__system/submitterid|__system/submittername|__system/deviceid|username|phonenumber",
        ignore="start|end|today|meta/instanceid|__system/updatedat|__system/attachmentspresent|__system/status"
               "|__system/attachmentsexpected|__system/reviewstate|__system/edits|__system/formversion"
               "|__system/deletedat",
    ),
    _signature(
        Tool.GOVUK_FORMS, "reference|submitted at", record_id="reference", submitted_at="submitted at",
        language="language",
    ),
    _signature(
        Tool.QUALTRICS, "responseid|recordeddate", record_id="responseid", submitted_at="recordeddate",
        language="userlanguage",
        identity="ipaddress|recipientlastname|recipientfirstname|recipientemail|externalreference|locationlatitude"
                 "|locationlongitude",
        ignore="startdate|enddate|progress|duration (in seconds)|distributionchannel", completion="status|finished",
    ),
    _signature(
        Tool.QUALTRICS, "v1|v8|v9|v10", record_id="v1", submitted_at="v9",
        identity="v3|v4|v5|v6|locationlatitude|locationlongitude|locationaccuracy", ignore="v2|v7|v8|v10",
    ),
    _signature(
        Tool.SMARTSURVEY, "userid|userno", record_id="userid", submitted_at="ended",
        identity="name|email|ip address|unique id|tracking link", ignore="userno|started|time taken|collector",
        completion="status",
    ),
    _signature(
        Tool.SURVEYGIZMO, "time started|date submitted|status", record_id="response id",
        submitted_at="date submitted", completion="status", test="is_test_data",
        identity="ip address|user agent|longitude|latitude|city|state/region|postal|country|contact id",
        ignore="time started|session id|referer|link name|legacy comments|comments|tags|language",
    ),
    _signature(
        Tool.SURVEYMONKEY, "respondent id|collector id", record_id="respondent id", submitted_at="end date",
        identity="ip address|email address|first name|last name|custom data 1",
        ignore="collector id|start date|date created|date modified",
    ),
    _signature(
        Tool.SURVEYMONKEY, "respondentid", first="respondentid", cells=SURVEYMONKEYS_IDS, record_id="respondentid",
    ),
    _signature(
        Tool.SURVEYMONKEY, "respondent id", first="respondent id", cells=SURVEYMONKEYS_IDS, record_id="respondent id",
    ),
    _signature(
        Tool.CITIZEN_SPACE, "response id", first="response id", cells=CITIZEN_SPACES_IDS, record_id="response id",
        submitted_at="date submitted", ignore="submitted via",
    ),
    _signature(Tool.COMMONPLACE, "feeling|comment", identity="name|email|user|author", record_id="id"),
    _signature(
        Tool.SURVEYMONKEY, "startdate|enddate", first="startdate", submitted_at="enddate", ignore="startdate",
    ),
    _signature(
        Tool.GOOGLE_FORMS, "timestamp", first="timestamp", submitted_at="timestamp",
        identity="email address|username",
    ),
)  # fmt: skip


def recognise(headers: Sequence[str], first_cells: Sequence[str] = ()) -> Signature:
    """The first signature that fits headers and, of the first column, filled cells; Tool.OTHER where none does."""
    small = [header.lower() for header in headers]
    fitting = (signature for signature in SIGNATURES if signature.fits(small, first_cells))
    return next(fitting, Signature(Tool.OTHER, frozenset(), {}))
