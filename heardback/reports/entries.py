"""One entry of the public board, and why it would be refused: vague, unowned, undated or not approved twice."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from heardback.domain.lifecycle import APPROVALS
from heardback.domain.words import Outcome
from heardback.reports.vagueness import asks_something, says_something


@dataclass(frozen=True)
class Approval:
    """A recorded approval for the public board: one of `lifecycle.APPROVALS`, and the id of the person who gave it."""

    what: str
    by: str


@dataclass(frozen=True)
class BoardEntry:
    """One answer. Every text is written by staff. `service` is a name; `told` says where and when, in words.

    `difference` is what the change is known to have done; `because` is why the rest of a `partly` cannot be had.
    `voices` counts comments, 0 where it is not known; it is never printed exactly.
    `flagged` is true while a safeguarding flag is open on any of its comments; `consented` is false where every voice
    behind it has said no to publishing.
    """

    loop_uid: str
    service: str
    title: str
    outcome: Outcome | str
    wording: str
    decided_on: date | None
    owner_role: str
    by_date: date | None = None
    kept_on: date | None = None
    told: str = ""
    voices: int = 0
    difference: str = ""
    because: str = ""
    agreed: bool | None = None
    flagged: bool = False
    consented: bool = True
    approvals: tuple[Approval, ...] = ()


@dataclass(frozen=True)
class Refusal:
    """An entry that is kept off the board and why; carries no text of the entry."""

    loop_uid: str
    reason: str


def refusal_of(entry: BoardEntry) -> str | None:
    """Why an entry may not be published, or None where it may. The reason names what is missing, never its words."""
    return next((reason for is_wrong, reason in RULES if is_wrong(entry)), None)


def sort_out(entries: Sequence[BoardEntry]) -> tuple[list[BoardEntry], list[Refusal]]:
    """The entries that may be published, in their order, and a refusal for each of the others."""
    refusals = [Refusal(entry.loop_uid, reason) for entry in entries if (reason := refusal_of(entry))]
    return [entry for entry in entries if refusal_of(entry) is None], refusals


def approved_by_two(entry: BoardEntry) -> bool:
    """Whether each approval was given, and by people so different that no one person gave both."""
    return given_by_two(entry.approvals)


def given_by_two(approvals: Sequence[Approval]) -> bool:
    """The same of approvals alone."""
    givers = [{given.by for given in approvals if given.what == what and given.by} for what in APPROVALS]
    return all(givers) and len(set().union(*givers)) >= len(APPROVALS)


Rule = tuple[Callable[[BoardEntry], bool], str]

# The first that holds is the reason given. Safety comes before form.
RULES: tuple[Rule, ...] = (
    (lambda entry: entry.flagged, "a safeguarding flag is open on one of its comments"),
    (lambda entry: not entry.consented, "everybody who said it has said no to publishing"),
    (lambda entry: not asks_something(entry.title), "its title names no specific ask"),
    (lambda entry: entry.outcome not in set(Outcome), "nothing was decided"),
    (lambda entry: not says_something(entry.wording), "its wording does not say what was decided"),
    (lambda entry: entry.decided_on is None, "the decision has no date"),
    (lambda entry: entry.outcome == Outcome.WILL and entry.by_date is None, "the promise has no date to be kept by"),
    (lambda entry: not entry.owner_role.strip(), "no role answers for it"),
    (lambda entry: not approved_by_two(entry), "it lacks two approvals by two different people"),
)
