"""The words of the field, each with the values it may take."""

from enum import StrEnum


class Tool(StrEnum):
    """The software that a source's files come from."""

    LIMESURVEY = "limesurvey"
    MICROSOFT_FORMS = "microsoft_forms"
    GOOGLE_FORMS = "google_forms"
    SMARTSURVEY = "smartsurvey"
    SURVEYMONKEY = "surveymonkey"
    SURVEYGIZMO = "surveygizmo"
    CITIZEN_SPACE = "citizen_space"
    QUALTRICS = "qualtrics"
    KOBO = "kobo"
    ODK = "odk"
    GOVUK_FORMS = "govuk_forms"
    COMMONPLACE = "commonplace"
    MAILBOX = "mailbox"
    CASE_MANAGEMENT = "case_management"
    TYPED_SHEET = "typed_sheet"
    OTHER = "other"


class Channel(StrEnum):
    """The way in which something was said."""

    ONLINE_SURVEY = "online_survey"
    EXIT_QUESTIONNAIRE = "exit_questionnaire"
    FEEDBACK_BOX = "feedback_box"
    EMAIL = "email"
    SMS = "sms"
    PHONE = "phone"
    FACE_TO_FACE = "face_to_face"
    GROUP_SESSION = "group_session"
    ADVOCATE = "advocate"
    INSPECTION = "inspection"


class CompletedBy(StrEnum):
    """Who held the pen; a peer advocate beside the child is WITH_HELP."""

    SELF = "self"
    WITH_HELP = "with_help"
    ON_BEHALF = "on_behalf"
    UNKNOWN = "unknown"


class Completion(StrEnum):
    """How far a form was filled in. Partial responses are answered and stay outside the rates."""

    COMPLETE = "complete"
    PARTIAL = "partial"
    TEST = "test"


class Consent(StrEnum):
    """May the words be published? NOT_ASKED (a blank too) means never quoted."""

    YES = "yes"
    NO = "no"
    NOT_ASKED = "not_asked"


class Fate(StrEnum):
    """Where a row of a source ended: exactly one of these (G1)."""

    LOOP = "loop"
    DUPLICATE = "duplicate"
    QUARANTINE = "quarantine"
    WITHHELD = "withheld"
    DIVERTED = "diverted"
    NOT_COUNTED = "not_counted"


class LoopState(StrEnum):
    """Where a loop stands; the moves between them are the table in `lifecycle`."""

    HEARD = "heard"
    OWNED = "owned"
    MATCHED = "matched"
    DECIDED = "decided"
    TOLD = "told"
    AGREED = "agreed"
    REOPENED = "reopened"
    WITHHELD = "withheld"
    DIVERTED = "diverted"
    NOT_COUNTED = "not_counted"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"


class Outcome(StrEnum):
    """What was decided about a loop."""

    DONE = "done"
    WILL = "will"
    PARTLY = "partly"
    CANNOT = "cannot"
    ALREADY = "already"


class Telling(StrEnum):
    """How people were told what came of what they said."""

    BOARD = "board"
    SESSION = "session"
    LETTER = "letter"
    MESSAGE = "message"
    REPORT = "report"
    OTHER = "other"


class Standing(StrEnum):
    """What people have said of a suggested match."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"


class ChangeStatus(StrEnum):
    """How far a service change has come."""

    DONE = "done"
    PLANNED = "planned"
    REFUSED = "refused"


UNMAPPED = "unmapped"  # the service of a response whose own is unknown: a queue, not a loss
