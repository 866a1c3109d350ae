"""The month in the board's channel, once its pack is written: figures after disclosure control, and exceptions."""

from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from config.directory import Person
from heardback.domain.deadlines import england
from heardback.domain.measures.figures import Figure, Unit
from heardback.domain.nudging.open_loops import OpenLoop
from heardback.domain.nudging.plan import plan_nudges
from heardback.messages.blocks import BoardSummary, board_summary_message
from heardback.messages.message import Message
from heardback.messages.preview import preview_page
from heardback.reports.cells import base_in_words, minus
from heardback.reports.content import PackContent
from heardback.reports.pack import cards
from heardback.reports.rendering import in_words, write_text
from heardback.store.answers import flagged_today
from heardback.store.session import reading
from tasks.channels import post_once
from tasks.due import loops_owed
from tasks.workplace import Workplace

BOARD = Person(name="Quality assurance board", role="", email="board@channel")
PAGE = "board-summary.html"  # in the outbox
SHOWN = 3  # figures: as many as are read on a telephone


def tell_board(work: Workplace, content: PackContent, at: datetime) -> str:
    """Post the summary of a pack; '' where the board has no channel or the pack is no news: a past one, rebuilt.

    News is the pack of the month before, as known in the month in which it is written. Said once for each month. Where
    there is no channel, what it would say is written as a page into the outbox, without today's exceptions: to decide
    on every open loop once more costs more than the pack.
    """
    channel = work.council.policy.report.board_channel
    if channel and not is_news(content.period.label, content.as_of, at.date()):
        return ""
    if channel:
        with reading(work.store) as session:
            listed = exceptions(session, work, at)
        return post_once(work, channel, content.period.label, _message(work, content, listed), at)
    page = preview_page([_message(work, content, None)], content.council, in_words(content.as_of))
    write_text(work.settings.outbox / PAGE, page)
    return ""


def _message(work: Workplace, content: PackContent, listed: tuple[OpenLoop, ...] | None) -> Message:
    summary = summary_of(content, listed)
    return board_summary_message(summary, BOARD, content.council, work.council.policy.link_base)


def is_news(month: str, as_of: date, today: date) -> bool:
    """Whether a pack tells of the last whole month, as it is known now."""
    before = as_of.replace(day=1) - timedelta(days=1)
    return f"{before:%Y-%m}" == month and (as_of.year, as_of.month) == (today.year, today.month)


def summary_of(content: PackContent, listed: tuple[OpenLoop, ...] | None) -> BoardSummary:
    """The pack's first sentence and its first figures, as they stand on its cards, and the exception list."""
    shown = [(card.label, _with_base(card)) for card in cards(content) if not card.group][:SHOWN]
    return BoardSummary(content.period.label, content.period.words, content.sentence, tuple(shown), listed)


def exceptions(session: Session, work: Workplace, at: datetime) -> tuple[OpenLoop, ...]:
    """The board's exception list at an instant, without what is behind a safeguarding flag."""
    council, calendar = work.council, england()
    owed = loops_owed(session, council, at, calendar)
    plan = plan_nudges(owed, council.directory, council.policy.nudge, calendar, at, council.policy.timezone)
    flagged = flagged_today(session)
    return tuple(loop for loop in plan.exceptions if loop.loop_uid not in flagged)


def _with_base(card: Figure) -> str:
    days = " working days" if card.unit == Unit.WORKING_DAYS and card.value is not None else ""
    base = base_in_words(card)
    return minus(card.shown_value) + days + (f" ({base})" if base else "")
