"""The practice digest as a message: what changed, what to pass on, where the rest stands."""

from dataclasses import dataclass

from config.directory import Person
from heardback.domain.nudging.plan import nudge_uid
from heardback.messages import parts
from heardback.messages.limits import check_limits
from heardback.messages.message import Message, nudge_metadata
from heardback.messages.wording import TITLE_LIMIT, count, escaped

KIND = "practice"
MOST = 5
ASK = "Pass on what came of it, and write down that you did."


@dataclass(frozen=True)
class PracticeSummary:
    """Numbers of loops, titles that two people approved; `window` is what may be told of once."""

    window: str
    weeks: str
    changed: tuple[str, ...]
    refused: tuple[str, ...]
    untold: tuple[str, ...]


def practice_message(summary: PracticeSummary, readers: Person, council: str, page: str) -> Message:
    """The digest for a channel; `page` is its file's name. Raises DeliveryError over Slack's limits."""
    heading = f"Practice digest, {summary.weeks}"
    sections = [
        _listed(count(len(summary.untold), "answer has", "answers have") + " not been told to anybody", summary.untold),
        _listed(count(len(summary.changed), "thing") + " changed", summary.changed),
        _listed(count(len(summary.refused), "thing") + " we can't do, with the reason", summary.refused),
    ]
    blocks = [
        parts.header(heading),
        parts.section(f"*{ASK}*"),
        *(parts.section(f"*{title}*" + "".join(f"\n• {line}" for line in lines)) for title, lines in sections),
        parts.footer(f"Heardback for {council}. The whole digest: {page}. Nothing here quotes a child or a family."),
    ]
    told = [line for title, lines in sections for line in (f"{title}.", *lines)]
    uid = nudge_uid(KIND, KIND, summary.window)
    message = Message(KIND, readers.name, "\n".join([heading, ASK, *told]), blocks, nudge_metadata(uid))
    check_limits(message)
    return message


def _listed(title: str, lines: tuple[str, ...]) -> tuple[str, list[str]]:
    more = [f"and {len(lines) - MOST} more"] if len(lines) > MOST else []
    return title, [escaped(line, TITLE_LIMIT) for line in lines[:MOST]] + more
