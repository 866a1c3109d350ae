"""The Young Inspectors' action plan for Scrutiny and the board: each recommendation and how far it has come."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from heardback.domain.action_plan import Action, counted, progress_of
from heardback.domain.plurals import some
from heardback.reports.pdf import write_pdf
from heardback.reports.rendering import in_words, render, write_text

NOTHING_BEHIND = "No comment has been linked to it by a person yet."


@dataclass(frozen=True)
class BehindIt:
    """One loop that rests on an action: its number, where it stands, and its title where two people approved it."""

    loop_uid: str
    standing: str
    title: str = ""


@dataclass(frozen=True)
class PlanContent:
    """The plans of a council, as they were known at the end of `as_of`. `names` are those of registers and services.

    `behind` has the loops of each action by its `change_uid`.
    """

    council: str
    as_of: date
    actions: tuple[Action, ...]
    behind: Mapping[str, Sequence[BehindIt]]
    names: Mapping[str, str]


def write_action_plan(folder: Path, content: PlanContent) -> list[Path]:
    """Write action-plan.html and action-plan.pdf; return their paths. The same content gives the same bytes."""
    values = _values(content)
    return [
        write_text(folder / "action-plan.html", render("action_plan.html", values)),
        write_pdf(folder / "action-plan.pdf", "action_plan.typ", values, content.as_of),
    ]


def answer(actions: Sequence[Action], as_of: date) -> str:
    """Of 18 recommendations: 12 done, 3 under way, 1 late, 2 not accepted."""
    if not actions:
        return "No register holds a recommendation yet."
    found = counted(actions, as_of)
    told = [f"{count} {progress.lower()}" for progress, count in found.items() if count]
    return f"Of {some(len(actions), 'recommendation')}: {', '.join(told)}."


def _values(content: PlanContent) -> dict[str, object]:
    registers = dict.fromkeys(action.register_id for action in content.actions)
    return {
        "title": "Recommendations and what became of them",
        "council": content.council,
        "known": f"As it was known at the end of {in_words(content.as_of)}. Officers wrote every word.",
        "sentence": answer(content.actions, content.as_of),
        "footer": f"{content.council}. Action plans as known at the end of {in_words(content.as_of)}.",
        "headings": ["State", "Recommendations"],
        "plans": [_plan(register, content) for register in registers],
    }


def _plan(register: str, content: PlanContent) -> dict[str, object]:
    actions = [action for action in content.actions if action.register_id == register]
    counts = [[str(progress), f"{count}"] for progress, count in counted(actions, content.as_of).items()]
    return {
        "name": content.names.get(register, register),
        "counts": counts,
        "actions": [_action(action, content) for action in actions],
    }


def _action(action: Action, content: PlanContent) -> dict[str, object]:
    progress = progress_of(action, content.as_of)
    since = f" ({in_words(action.changed_on)})" if action.changed_on else ""
    facts = [
        ("What is to be done", action.action or "Nothing is written down."),
        ("Who answers for it", action.owner or "Nobody is named."),
        ("Due", in_words(action.due_on) or "No day is set."),
        ("How far it has come" + since, action.progress or "Nothing is written down."),
        ("Evidence", action.evidence or "None is on record."),
    ]
    return {
        "number": action.record_id,
        "recommendation": action.recommendation,
        "service": content.names.get(action.service_code, action.service_code),
        "state": str(progress),
        "kind": progress.name.lower(),
        "facts": [list(fact) for fact in facts],
        "behind": [_behind(loop) for loop in content.behind.get(action.change_uid, ())] or [NOTHING_BEHIND],
    }


def _behind(loop: BehindIt) -> str:
    return f"{loop.loop_uid}, {loop.standing}" + (f": {loop.title}" if loop.title else "")
