"""The ways of reaching somebody, in the order in which they are tried: Slack, e-mail, Teams; else a folder."""

from dataclasses import dataclass

from config.directory import Person
from heardback.messages.message import Sender
from heardback.messages.outbox import FolderSender
from tasks.workplace import Workplace


@dataclass(frozen=True)
class Way:
    """One way of reaching one person. `has_history`: a message can be looked for. `has_buttons`: it needs no link."""

    name: str
    sender: Sender
    address: str
    has_history: bool = False
    has_buttons: bool = False


def ways_to(work: Workplace, person: Person) -> list[Way]:
    """Every way that is set up here and has an address for this person; a folder where there is none."""
    return [*_slack(work, person), *_email(work, person), *_teams(work, person)] or [_folder(work, person)]


def ways_to_channel(work: Workplace, channel: str) -> list[Way]:
    """The one way into a Slack channel, or a folder where no token is set; no letter goes to a channel."""
    nobody = Person(name="channel", role="", email="channel@channel")
    return _slack(work, nobody.model_copy(update={"slack": channel})) or [_folder(work, nobody)]


def _slack(work: Workplace, person: Person) -> list[Way]:
    if not (work.settings.slack_token and person.slack):
        return []
    from heardback.messages.slack import SlackSender  # half a second to import, and only needed with a token

    sender = SlackSender(work.settings.slack_token, work.settings.slack_url)
    return [Way("slack", sender, person.slack, has_history=True, has_buttons=True)]


def _email(work: Workplace, person: Person) -> list[Way]:
    if not (work.settings.smtp_url and work.settings.mail_from):
        return []
    from heardback.messages.email import EmailSender

    sender = EmailSender(work.settings.smtp_url, work.settings.mail_from, work.council.directory.council)
    return [Way("email", sender, person.email)]


def _teams(work: Workplace, person: Person) -> list[Way]:
    if not (person.teams and person.teams in work.settings.secrets):
        return []
    from heardback.messages.teams import TeamsSender

    sender = TeamsSender(work.settings.secrets[person.teams], work.council.directory.council)
    return [Way("teams", sender, person.teams)]


def _folder(work: Workplace, person: Person) -> Way:
    address = person.slack or person.email
    return Way("folder", FolderSender(work.settings.outbox), address, has_history=True, has_buttons=True)
