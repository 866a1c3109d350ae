"""Pages for people without Slack: a link that opens once, then their loops and the acts that Slack has (G9)."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING
from urllib.parse import quote

from heardback.errors import NotAllowed, NotFound
from heardback.messages import desk_page
from heardback.messages.desk_page import Reader, Returned
from heardback.messages.modals import OUTCOMES, TELLINGS
from heardback.messages.page_styles import styles_in
from heardback.messages.presses import lacks, page_press
from heardback.messages.web import Asked, Show, Shown, Site, serve
from tasks.own_loops import act, own_loop, own_loops, words_of
from tasks.own_report import written_report
from tasks.sign_in import whose_link
from tasks.web_reading import ReadingDesk
from tasks.web_session import Visit, begin_visit, end_visit, visit_of

if TYPE_CHECKING:
    from fastapi import FastAPI

Clock = Callable[[], datetime]
TOO_LONG = f"At most {desk_page.LONGEST} characters."
FIELDS = {
    "decide": ("outcome", "wording", "by_date", "reason"), "tell": ("how", "where", "whom", "on"), "keep": (),
    "snooze": ("reason",), "pause": ("reason", "until"), "reassign": ("owner", "service", "reason"), "chase": (),
    "match.yes": ("change",), "match.partly": ("change",), "match.no": ("change",),
}  # fmt: skip
NEEDED = {"decide": ("outcome", "wording"), "tell": ("how", "where"), "pause": ("reason", "until"),
          "reassign": ("reason",), "match.yes": ("change",), "match.partly": ("change",),
          "match.no": ("change",)}  # fmt: skip
CHOICES = {"outcome": {str(key) for key in OUTCOMES}, "how": {str(key) for key in TELLINGS}}
DAYS = ("by_date", "on", "until")
BEHIND_A_LINK = re.compile("loops(/L-[0-9]+(/words)?)?|reports/[0-9]{4}-[0-9]{2}|safeguarding(/L-[0-9]+)?")
NO_LINK = (
    "This link does not open anything any more",
    "Use the link of a newer message, or press the button in Slack again: each link opens once, for 7 days.",
)
NOBODY = (
    "You are not signed in",
    "Open the link in your newest message from Heardback: it signs you in for an hour. Slack has it below the message.",
)
NOT_HERE = ("There is no such loop here", "It may be somebody else’s, or its number is mistyped.")
NO_REPORT = ("There is no such report here", "It is not written yet, or it is not for your role.")
FORGED = ("Nothing was recorded", "This form did not come from a page that was opened here. Open the loop again.")


def add_pages(app: "FastAPI", site: Site, council: str, clock: Clock, acted: Callable[[str], None]) -> None:
    """Serve /sign-in, /loops, /reports and /safeguarding from an app. `acted` is called after an act on a loop."""
    pages, desk = Pages(site, council, clock, acted), ReadingDesk(site, clock)
    routes: dict[tuple[str, str], Show] = {
        ("GET", "/sign-in/{token}"): pages.ask,
        ("POST", "/sign-in/{token}"): pages.sign_in,
        ("POST", "/sign-out"): pages.signed_in(pages.sign_out, is_form=True),
        ("GET", "/loops"): pages.signed_in(pages.loops),
        ("GET", "/loops/{loop}"): pages.signed_in(pages.loop),
        ("GET", "/loops/{loop}/words"): pages.signed_in(pages.words),
        ("POST", "/loops/{loop}/{action}"): pages.signed_in(pages.act, is_form=True),
        ("GET", "/reports/{month}"): pages.signed_in(pages.report),
        ("GET", "/safeguarding"): pages.signed_in(desk.queue),
        ("GET", "/safeguarding/{loop}"): pages.signed_in(desk.read, is_alarm=True),
        ("POST", "/safeguarding/{loop}"): pages.signed_in(desk.settle, is_form=True),
    }
    serve(app, site, routes)


class Pages:
    """Every page, at the instant that `clock` says."""

    def __init__(self, site: Site, council: str, clock: Clock, acted: Callable[[str], None]) -> None:
        self._site, self._council, self._clock, self._acted = site, council, clock, acted

    def ask(self, asked: Asked) -> Shown:
        """A link was opened, by whom or what nobody knows: it is used up by nothing but the button."""
        try:
            name = whose_link.run(asked.path["token"], self._clock())
        except NotAllowed:
            return self._notice(NO_LINK, 410)
        reader = Reader(self._council, self._site.base, name)
        return Shown(desk_page.sign_in_page(reader, quote(asked.path["token"], safe=""), _page_of(asked)))

    def sign_in(self, asked: Asked) -> Shown:
        """The button was pressed."""
        if not asked.is_ours:
            return self._notice(FORGED, 403)
        try:
            visit = begin_visit.run(asked.path["token"], self._clock())
        except NotAllowed:
            return self._notice(NO_LINK, 410)
        return Shown(to=f"/{_page_of(asked)}", cookie=visit.cookie)

    def sign_out(self, _asked: Asked, visit: Visit) -> Shown:
        """The cookie goes, and is worth nothing wherever it has been copied to."""
        end_visit.run(visit, self._clock())
        page = desk_page.notice_page(Reader(self._council, self._site.base), "You are signed out", NOBODY[1])
        return Shown(page, cookie="")

    def loops(self, asked: Asked, visit: Visit) -> Shown:
        """All that wait for whoever looks; above them what was recorded a moment ago."""
        found = own_loops.run(visit.person, self._clock(), asked.query.get("did", ""))
        return Shown(desk_page.loops_page(self._reader(visit), found.own, found.climbed, found.said, reads=found.reads))

    def loop(self, asked: Asked, visit: Visit) -> Shown:
        """One loop and its forms."""
        return self._loop(asked.path["loop"], visit)

    def words(self, asked: Asked, visit: Visit) -> Shown:
        """What was said; the asking is on record."""
        card, words = words_of.run(visit.person, asked.path["loop"], self._clock())
        return Shown(desk_page.words_page(self._reader(visit), card, words))

    def report(self, asked: Asked, visit: Visit) -> Shown:
        """The board's pack of a month, whose style and pictures stand in it; the asking is on record."""
        try:
            html = written_report.run(visit.person, asked.path["month"], self._clock())
        except (NotFound, NotAllowed):
            return self._notice(NO_REPORT, 404, visit)
        return Shown(html, styles=styles_in(html))

    def act(self, asked: Asked, visit: Visit) -> Shown:
        """A form was handed in: done once, or shown again with what is wrong and all that was typed."""
        action, loop_uid, version = asked.path["action"], asked.path["loop"], asked.fields.get("version", "")
        if action not in FIELDS or not (version.isascii() and version.isdigit()):
            raise NotFound("there is no such form")
        filled = {name: asked.fields[name] for name in FIELDS[action] if name in asked.fields}
        faults = faults_of(action, filled)
        if faults:
            return self._loop(loop_uid, visit, Returned(action, filled, faults), 422)
        press = page_press(visit.person, action, loop_uid, int(version), asked.fields.get("once", ""), filled)
        done = act.run(visit.person, press, self._clock())
        if done.status == 200:
            return Shown(to=f"/loops?did={press.press_uid}")
        return self._loop(loop_uid, visit, Returned(action, filled, {"": done.said}), done.status)

    def signed_in(
        self, show: Callable[[Asked, Visit], Shown], *, is_form: bool = False, is_alarm: bool = False
    ) -> Show:
        """The same page for whoever is signed in; a form must come from a page that was made for that visit.

        With `is_alarm`, to have seen it is an act too: an alert says that somebody has.
        """

        def shown(asked: Asked) -> Shown:
            try:
                visit = visit_of.run(asked.cookie, self._clock())
            except NotAllowed:
                return self._notice(NOBODY, 401)
            if is_form and not (asked.is_ours and visit.holds(asked.fields.get("key", ""))):
                return self._notice(FORGED, 403, visit)
            try:
                page = show(asked, visit)
            except (NotFound, NotAllowed):
                return self._notice(NOT_HERE, 404, visit)
            if "loop" in asked.path and (is_form or is_alarm):
                self._acted(asked.path["loop"])
            return page

        return shown

    def _loop(self, loop_uid: str, visit: Visit, returned: Returned | None = None, status: int = 200) -> Shown:
        card = own_loop.run(visit.person, loop_uid, self._clock())
        return Shown(desk_page.loop_page(self._reader(visit), card, returned), status)

    def _reader(self, visit: Visit) -> Reader:
        return Reader(visit.council, self._site.base, visit.name, visit.key)

    def _notice(self, said: tuple[str, str], status: int, visit: Visit | None = None) -> Shown:
        reader = self._reader(visit) if visit else Reader(self._council, self._site.base)
        return Shown(desk_page.notice_page(reader, *said), status)


def _page_of(asked: Asked) -> str:
    """Where a link leads to: one of our own pages, and their loops where it names no such page."""
    page = asked.query.get("page", "")
    return page if BEHIND_A_LINK.fullmatch(page) else "loops"


def faults_of(action: str, filled: Mapping[str, str]) -> dict[str, str]:
    """What is missing in a form or cannot be read, by field."""
    faults = {name: "This is needed." for name in NEEDED.get(action, ()) if name not in filled}
    faults |= {name: TOO_LONG for name, said in filled.items() if len(said) > desk_page.LONGEST}
    faults |= {name: "Choose one of these." for name in CHOICES if name in filled and filled[name] not in CHOICES[name]}
    faults |= {name: "Write a date as 2026-12-31." for name in DAYS if name in filled and not _is_day(filled[name])}
    return faults | lacks(action, filled)


def _is_day(said: str) -> bool:
    try:
        return date.fromisoformat(said).isoformat() == said
    except ValueError:
        return False
