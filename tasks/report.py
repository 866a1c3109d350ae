"""The board pack of a month as it was known on a day: measured, protected, audited, written, announced."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from config.council import Council
from config.policy import ReportPolicy
from heardback.domain.deadlines import england
from heardback.domain.events import ReportPublished
from heardback.domain.measures.answer import answer_in_one_sentence
from heardback.domain.measures.control_chart import Chart, chart
from heardback.domain.measures.every_table import measure
from heardback.domain.measures.figures import Table, table_of
from heardback.domain.measures.past_loops import PastLoop, audit_sample, closed, stories
from heardback.domain.measures.period import Period
from heardback.domain.measures.period import month as month_of
from heardback.domain.measures.quality_of_answers import response_quality
from heardback.domain.measures.voices import STEPS
from heardback.reports.content import Answer, PackContent
from heardback.reports.entries import Approval, given_by_two
from heardback.reports.grids import gaps_of
from heardback.reports.pack import write_pack
from heardback.reports.rendering import in_words
from heardback.store import outbox
from heardback.store.evidence import evidence_of
from heardback.store.reconciliation import Account
from heardback.store.session import reading, transaction
from tasks.answers import checks_of, ratings_since
from tasks.board_summary import tell_board
from tasks.exceptions import exceptions_of
from tasks.past import Past, by_number, how_told, names_of, past_of
from tasks.quality import PRECISION, ROWS, accounts_until, quality_of, quality_tables
from tasks.releasing import Cleared, clear, note
from tasks.step import step
from tasks.workplace import Workplace, open_workplace

ON_THE_CHART = "closed_within_20"
LOOKED_AT = 40  # closed loops of a service, the best first, among which those with two approvals are looked for


@dataclass(frozen=True)
class ReportWritten:
    """The files of a month's pack, its first sentence, its four rates, each with `n`, `count`, `value` and `shown`.

    Numbers are those after disclosure control: None, and `c` in `shown`, where one is hidden. `told` is what became of
    the summary in the board's channel (tasks.channels.post_once), '' where none was due.
    """

    month: str
    paths: list[Path]
    sentence: str
    rates: dict[str, dict[str, Any]]
    told: str = ""


@step(retries=2)
def write_report(month: str, as_of: date, out: str, at: datetime | None = None) -> ReportWritten:
    """Write the pack of a month (YYYY-MM) into a folder; the same database and day give the same bytes (G11).

    Raises NotFound where the month cannot be read, DisclosureError (and writes nothing) where a small number could be
    worked out. `at` is the instant of the `report.published` event, now where it is not given.
    """
    period = month_of(month)
    with open_workplace() as work:
        with reading(work.store) as session:
            cleared, content = cleared_content(session, work, period, as_of)
        published = ReportPublished(f"heardback.report.{period.label}", period.label)
        made = at or datetime.now(UTC)
        with transaction(work.store) as session:  # a locked database is found out before a file is written
            note(session, cleared, period.label, as_of, made)
            outbox.record(session, [published], made)
            paths = write_pack(Path(out), content)
        told = tell_board(work, content, made)
    return ReportWritten(period.words, paths, content.sentence, _rates(content.tables), told)


def cleared_content(session: Session, work: Workplace, period: Period, as_of: date) -> tuple[Cleared, PackContent]:
    """What may be released of a month, and the pack made of it. Raises DisclosureError where it may not be."""
    past = past_of(session, work.council, as_of)
    accounts = accounts_until(session, past)
    cleared = _cleared(session, work.council, past, accounts, period)
    return cleared, _content(session, work.council, past, accounts, period, cleared.tables)


def _cleared(session: Session, council: Council, past: Past, accounts: Sequence[Account], period: Period) -> Cleared:
    measured = measure(past.voices, period, past.as_of, council.policy.report, england())
    checked = response_quality(checks_of(session, past, period), population=period.label)
    true = (*measured, checked, *quality_tables(session, past, accounts))
    return clear(session, true, council.policy.report, period.label, past.as_of)


def _content(
    session: Session, council: Council, past: Past, accounts: Sequence[Account], period: Period,
    safe: Sequence[Table],
) -> PackContent:  # fmt: skip
    tables = tuple(table for table in safe if table.code not in (ROWS, PRECISION))
    names, policy = names_of(council), council.policy.report
    trend = chart(table_of(tables, "closure_by_month"), _charted(policy))
    closures = closed(past.named, period)["loop_uid"].tolist()
    return PackContent(
        council=council.directory.council,
        period=period,
        as_of=past.as_of,
        sentence=_sentence(period, tables, trend, names),
        tables=tables,
        chart=trend,
        quality=quality_of(session, council, past, period, past.voices, accounts, safe),
        exceptions=exceptions_of(session, council, past, period, england()),
        stories=_answers(session, past, _to_tell(session, past, period, policy), names),
        closures=_answers(session, past, by_number(session, past, audit_sample(closures, period.label)), names),
        closed_loops=len(closures),
        names=names,
        small_count=policy.small_count,
        small_base=policy.small_base,
    )


def _sentence(period: Period, tables: Sequence[Table], trend: Chart, names: dict[str, str]) -> str:
    closed_of_all, by_service = table_of(tables, "rates").figure("closed"), table_of(tables, "rates_by_service_code")
    return answer_in_one_sentence(period, closed_of_all, by_service, gaps_of(tables), trend, names)


def _to_tell(session: Session, past: Past, period: Period, policy: ReportPolicy) -> list[PastLoop]:
    """One or two closed loops of each service that two people approved: telling one is disclosure too (G7)."""
    best = stories(past.named, period).values()
    ready = ([loop for loop in by_number(session, past, uids[:LOOKED_AT]) if _is_approved(loop)] for uids in best)
    return [loop for loops in ready for loop in loops[: policy.story_limit]]


def _is_approved(loop: PastLoop) -> bool:
    return given_by_two([Approval(what, by) for what, by in loop.approvals])


def _charted(policy: ReportPolicy) -> str:
    """Closed within 20 working days, as the law counts for complaints; the middle limit where a council has others."""
    codes = [f"closed_within_{limit}" for limit in sorted(policy.closure_days)]
    return ON_THE_CHART if ON_THE_CHART in codes else codes[len(codes) // 2]


def _answers(session: Session, past: Past, loops: Sequence[PastLoop], names: dict[str, str]) -> tuple[Answer, ...]:
    known = evidence_of(session, {loop.change_uid for loop in loops if loop.change_uid}, past.before)
    ratings = ratings_since(session, past, loops)
    return tuple(
        Answer(
            loop_uid=loop.loop_uid,
            service=names.get(loop.service_code, loop.service_code),
            title=loop.title,
            outcome=loop.outcome,
            wording=loop.wording,
            decided_on=loop.decided_on,
            told_on=loop.told_on,
            told=how_told(loop.told),
            by_date=loop.promise_by,
            difference=_difference(loop, known.get(loop.change_uid, ""), ratings.get(loop.change_uid, "")),
        )
        for loop in loops
        if loop.decided_on is not None
    )


def _difference(loop: PastLoop, evidence: str, ratings: str) -> str:
    """What is known of it since: who agreed, whether a promise was kept, what the register holds as evidence."""
    agreed = "Those told said that it answers them." if loop.agreed_on else ""
    kept = f"It was done on {in_words(loop.promise_kept_on)}." if loop.promise_kept_on else ""
    return " ".join(part for part in (agreed, kept, f"On record: {evidence}" if evidence else "", ratings) if part)


def _rates(tables: Sequence[Table]) -> dict[str, dict[str, Any]]:
    figures = {code: table_of(tables, "rates").figure(code) for code in STEPS}
    return {
        code: {"n": figure.n, "count": figure.count, "value": figure.value, "shown": figure.shown_value}
        for code, figure in figures.items()
    }
