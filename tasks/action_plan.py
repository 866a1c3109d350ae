"""Action plans for Scrutiny and the board, with the loops behind each action by the lineage of its register."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy.orm import Session

from config.council import Council
from heardback.domain.action_plan import Action, counted
from heardback.domain.words import LoopState
from heardback.reports.action_plan import BehindIt, PlanContent, answer, write_action_plan
from heardback.reports.entries import sort_out
from heardback.store.plans import loops_resting_on, plans_as_of
from heardback.store.session import reading
from tasks.board import board_entries
from tasks.past import Past, by_number, names_of, past_of
from tasks.step import step
from tasks.workplace import open_workplace

STANDING = {
    LoopState.MATCHED: "linked to it, not decided yet",
    LoopState.DECIDED: "decided, people not told yet",
    LoopState.TOLD: "decided, and people told",
    LoopState.AGREED: "decided, people told, and they agree",
}


@dataclass(frozen=True)
class PlanWritten:
    """The files of the plans, their first sentence, and how many recommendations stand where."""

    paths: list[Path]
    sentence: str
    counts: dict[str, int]


@step(retries=2)
def write_plan(as_of: date, out: str) -> PlanWritten:
    """Write every action plan, as its register had it at the end of a day; the same day gives the same bytes."""
    with open_workplace() as work:
        with reading(work.store) as session:
            past = past_of(session, work.council, as_of)
            actions = plans_as_of(session, past.before)
            behind = _behind(session, past, work.council, actions)
        registers = {code: register.name for code, register in work.council.registers.items()}
        council = work.council.directory.council
        content = PlanContent(council, as_of, tuple(actions), behind, names_of(work.council) | registers)
        paths = write_action_plan(Path(out), content)
    counts = {str(progress): count for progress, count in counted(actions, as_of).items()}
    return PlanWritten(paths, answer(actions, as_of), counts)


def _behind(
    session: Session, past: Past, council: Council, actions: Sequence[Action]
) -> Mapping[str, Sequence[BehindIt]]:
    """The loops that rested on each action then and may be named; a title only where two people approved it."""
    plans = {action.change_uid for action in actions}
    nameable = set(past.named["loop_uid"])
    candidates = [uid for uid in loops_resting_on(session, plans) if uid in nameable]
    loops = [loop for loop in by_number(session, past, candidates) if loop.change_uid in plans]
    shown, _ = sort_out(board_entries(session, past, council, [loop.loop_uid for loop in loops]))
    titles = {entry.loop_uid: entry.title for entry in shown}
    behind: dict[str, list[BehindIt]] = defaultdict(list)
    for loop in loops:
        standing = STANDING.get(LoopState(loop.state), "open again")
        behind[loop.change_uid].append(BehindIt(loop.loop_uid, standing, titles.get(loop.loop_uid, "")))
    return behind
