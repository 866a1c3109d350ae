"""Without Slack: a link that opens once, and pages on which the same can be done, by the same door (G9, G15)."""

import json
import re
from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from httpx import Response
from sqlalchemy import select
from starlette.testclient import TestClient

from heardback.checks import gate
from heardback.domain.lifecycle import Role
from heardback.errors import ConfigurationError
from heardback.ledger import Actor
from heardback.messages.blocks import BoardSummary, board_summary_message
from heardback.store import AccessEntry, Press
from heardback.store.matches import propose
from heardback.store.session import open_store, reading, transaction
from tasks.board_summary import BOARD
from tasks.listen import web_app
from tasks.sign_in import sign_in_link
from tasks.workplace import open_workplace
from tests.council import change_row, exit_row
from tests.desk import Desk, desk_at

pytestmark = pytest.mark.usefixtures("quick_gate")
TUESDAY = datetime(2026, 9, 8, 10, 0, tzinfo=UTC)
ADDRESS = "https://heardback.example"
FREEZING, PIZZA = "The room is freezing zebra", "More pizza please"
HEARD = (exit_row(1, FREEZING), exit_row(2, PIZZA, service="youth"))
DECIDED = {"outcome": "done", "wording": "We put a heater in."}


class Clock:
    """What the pages take for now."""

    at = TUESDAY

    def __call__(self) -> datetime:
        return self.at


class Visitor:
    """A browser without scripts: it opens pages, fills in their forms and follows where it is sent."""

    def __init__(self, client: TestClient) -> None:
        self.client = client

    def link(self, person: str, at: datetime = TUESDAY) -> str:
        with open_workplace() as work:
            return sign_in_link(work, person, "digest-1", at).removeprefix(ADDRESS)

    def sign_in(self, person: str) -> Response:
        return self.client.post(self.link(person))

    def form(self, page: Response, action: str) -> dict[str, str]:
        """The hidden fields of a form on a page."""
        _, _, rest = page.text.partition(f'action="{action}"')
        assert rest, f"no form {action}"
        return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', rest.partition("</form>")[0]))

    def act(self, loop_uid: str, action: str, **filled: str) -> Response:
        page = self.client.get(f"/loops/{loop_uid}")
        form = self.form(page, f"/loops/{loop_uid}/{action}") | filled
        return self.client.post(f"/loops/{loop_uid}/{action}", data=form)


@pytest.fixture(scope="module")
def heard(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> bytes:
    """A database in which L-0001 waits for Amira (Youth Justice), L-0002 for Ben (Youth Clubs); pulled once."""
    folder = tmp_path_factory.mktemp("heard")
    database, url = folder / "heardback.db", f"sqlite:///{folder / 'heardback.db'}"
    database.touch(mode=0o600)
    database.write_bytes(sqlite_template.read_bytes())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gate, "run_rules", lambda *_: [])
        store = open_store(url)
        with desk_at(folder, store, url, patch) as desk:
            desk.pull(*HEARD, at=TUESDAY)
        store.dispose()
    return database.read_bytes()


@pytest.fixture
def sqlite_url(tmp_path: Path, heard: bytes) -> str:
    path = tmp_path / "heardback.db"
    path.touch(mode=0o600)
    path.write_bytes(heard)
    return f"sqlite:///{path}"


@pytest.fixture
def office(sqlite_desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    sqlite_desk.configure(policy={"link_base": ADDRESS})
    monkeypatch.setenv("HEARDBACK_SECRET_LINK_KEY", "made-up-for-these-tests")
    return sqlite_desk


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def visitor(office: Desk, clock: Clock) -> Iterator[Visitor]:
    app, worker = web_app(clock)
    with TestClient(app, base_url=ADDRESS) as client:
        yield Visitor(client)
    worker.close()


@pytest.fixture
def amira(visitor: Visitor) -> Visitor:
    visitor.sign_in("amira")
    return visitor


# ---- signing in


def test_opening_a_link_uses_nothing_up_and_its_button_does(visitor: Visitor) -> None:
    """Programs that look through mail open every link, some of them twice."""
    link = visitor.link("amira")
    for _ in range(3):
        page = visitor.client.get(link)
        assert page.status_code == 200
        assert "Sign in as Amira Sayed" in page.text
        assert "set-cookie" not in page.headers
    assert visitor.client.head(link).status_code == 200
    into = visitor.client.post(link)
    assert (into.status_code, into.url.path) == (200, "/loops")
    assert "The room" not in into.text
    assert visitor.client.post(link).status_code == visitor.client.get(link).status_code == 410


def test_a_link_opens_for_seven_days_and_only_as_it_was_signed(visitor: Visitor, clock: Clock) -> None:
    link = visitor.link("amira")
    signed, dot, signature = link.rpartition(".")
    forged = signed + dot + ("A" if signature[0] != "A" else "B") + signature[1:]
    assert visitor.client.post(forged).status_code == 410
    clock.at = TUESDAY + timedelta(days=7)
    assert visitor.client.post(link).status_code == 410
    assert visitor.client.get("/loops").status_code == 401


def test_who_has_left_is_not_let_in_and_is_signed_out(visitor: Visitor, office: Desk) -> None:
    link = visitor.link("priya")
    visitor.sign_in("priya")
    assert visitor.client.get("/loops").status_code == 200
    people = {"dee": {"name": "Dee", "role": "", "email": "d@x.example"}, "priya": None}
    remaining = {name: one for name, one in _people(office).items() if name != "priya"} | {"dee": people["dee"]}
    office.configure(policy={"link_base": ADDRESS}, services={"fallback_owner": "hana"})
    _write_people(office, remaining)
    assert visitor.client.get("/loops").status_code == 401
    assert visitor.client.get(link).status_code == visitor.client.post(link).status_code == 410


def _people(office: Desk) -> dict[str, Any]:
    import yaml

    path = office.folder / "config" / "services.yaml"
    return dict(yaml.safe_load(path.read_text(encoding="utf-8"))["people"])


def _write_people(office: Desk, people: dict[str, Any]) -> None:
    import yaml

    path = office.folder / "config" / "services.yaml"
    services = yaml.safe_load(path.read_text(encoding="utf-8")) | {"people": people}
    path.write_text(yaml.safe_dump(services), encoding="utf-8")


def test_the_cookie_is_for_one_hour_of_one_browser_and_no_script(visitor: Visitor, clock: Clock) -> None:
    cookie = visitor.client.post(visitor.link("amira"), follow_redirects=False).headers["set-cookie"]
    assert cookie.startswith("__Host-heardback=")
    assert {"HttpOnly", "Secure", "SameSite=strict", "Path=/"} <= set(re.split("; ", cookie))
    assert visitor.client.get("/loops").status_code == 200
    clock.at = TUESDAY + timedelta(hours=1)
    assert visitor.client.get("/loops").status_code == 401


def test_after_signing_out_a_copy_of_the_cookie_opens_nothing(amira: Visitor) -> None:
    copied = dict(amira.client.cookies)
    page = amira.client.get("/loops")
    out = amira.client.post("/sign-out", data=amira.form(page, "/sign-out"))
    assert out.status_code == 200
    assert not dict(amira.client.cookies)
    amira.client.cookies.update(copied)
    assert amira.client.get("/loops").status_code == 401


def test_a_cookie_opens_no_link_and_a_link_is_no_cookie(amira: Visitor) -> None:
    ((name, cookie),) = amira.client.cookies.items()
    assert amira.client.post(f"/sign-in/{cookie}").status_code == 410
    amira.client.cookies.clear()
    amira.client.cookies.set(name, amira.link("amira").removeprefix("/sign-in/"))
    assert amira.client.get("/loops").status_code == 401


def test_every_page_is_kept_by_nobody_framed_by_nobody_and_fetches_nothing(amira: Visitor) -> None:
    link = amira.link("ben")
    for path in ("/loops", "/loops/L-0001", "/loops/L-9999", link):
        headers = amira.client.get(path).headers
        assert re.fullmatch(
            r"default-src 'none'; style-src 'sha256-[\w+/=]+'; form-action 'self'; base-uri 'none'; "
            r"frame-ancestors 'none'",
            headers["content-security-policy"],
        )
        assert (headers["cache-control"], headers["x-content-type-options"]) == ("no-store", "nosniff")
        assert (headers["x-frame-options"], headers["referrer-policy"]) == ("DENY", "same-origin")
        assert headers["strict-transport-security"].startswith("max-age=")


@pytest.mark.parametrize("missing", ["key", "another", "another site"])
def test_a_form_of_another_site_does_nothing(amira: Visitor, office: Desk, missing: str) -> None:
    form = amira.form(amira.client.get("/loops/L-0001"), "/loops/L-0001/decide") | DECIDED
    if missing == "key":
        del form["key"]
    if missing == "another":
        form["key"] = "0" * 64
    headers = {"Sec-Fetch-Site": "cross-site"} if missing == "another site" else {}
    assert amira.client.post("/loops/L-0001/decide", data=form, headers=headers).status_code == 403
    assert office.states() == ["heard", "heard"]


def test_another_site_signs_nobody_in(visitor: Visitor) -> None:
    answer = visitor.client.post(visitor.link("amira"), headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert not dict(visitor.client.cookies)


# ---- what is shown


def test_somebody_sees_their_own_loops_and_no_word_that_was_said(amira: Visitor) -> None:
    page = amira.client.get("/loops").text
    assert "L-0001" in page
    assert "L-0002" not in page
    assert "1 waiting for you." in page
    for path in ("/loops", "/loops/L-0001"):
        assert "zebra" not in amira.client.get(path).text


def test_a_loop_that_climbed_stands_with_who_was_told_to_chase_it(visitor: Visitor, clock: Clock, office: Desk) -> None:
    """Not before a window in which its owner was told; see tests/domain/nudging/test_plan.py for the ladder itself."""
    from tasks.nudge import nudge

    clock.at = datetime(2026, 10, 20, 10, 0, tzinfo=UTC)
    nudge(clock.at - timedelta(days=14))
    visitor.client.post(visitor.link("ben", clock.at))
    page = visitor.client.get("/loops").text
    assert (
        page.index("Waiting for you") < page.index("L-0002") < page.index("Not moved by others") < page.index("L-0001")
    )
    visitor.act("L-0001", "chase")
    assert office.moves("L-0001") == ["open", "chase"]
    assert "/chase" not in visitor.client.get("/loops/L-0002").text, "it is his own"


def test_anothers_loop_and_one_that_there_is_not_are_refused_alike_and_it_is_on_record(
    visitor: Visitor, office: Desk
) -> None:
    """Fault 55."""
    services = [{"code": "yjs", "name": "Youth Justice", "owner": "amira", "deputy": "hana", "head": "hana"},
                {"code": "youth", "name": "Youth Clubs", "owner": "ben", "deputy": "ben", "head": "ben"}]  # fmt: skip
    office.configure(policy={"link_base": ADDRESS}, services={"services": services})
    visitor.sign_in("amira")
    page = visitor.client.get("/loops")
    other, none = visitor.client.get("/loops/L-0002"), visitor.client.get("/loops/L-0404")
    assert other.status_code == none.status_code == visitor.client.get("/loops/L-0002/words").status_code == 404
    assert other.text == none.text
    key = visitor.form(page, "/sign-out")["key"]
    form = {"key": key, "once": "1", "version": "1"} | DECIDED
    refused = visitor.client.post("/loops/L-0002/decide", data=form)
    assert refused.status_code in (403, 404)
    assert office.states() == ["heard", "heard"]
    with reading(office.store) as session:
        entries = session.scalars(select(AccessEntry).where(AccessEntry.about == "L-0002")).all()
    assert {(entry.actor, entry.allowed) for entry in entries if entry.wanted != "decide"} == {("Amira Sayed", False)}
    assert len(entries) >= 3


def test_what_was_said_is_shown_on_one_page_with_details_hidden_and_on_record(amira: Visitor, office: Desk) -> None:
    rows = [*HEARD, exit_row(3, "Ring me on 07700 900142 about the door")]
    office.pull(*rows, name="b.csv", at=TUESDAY)
    page = amira.client.get("/loops/L-0003/words")
    assert "about the door" in page.text
    assert "07700" not in page.text
    with reading(office.store) as session:
        query = select(AccessEntry).where(AccessEntry.about == "L-0003", AccessEntry.wanted == "words")
        assert [entry.allowed for entry in session.scalars(query)] == [True]


def test_what_is_held_back_is_neither_listed_nor_opened_nor_read(amira: Visitor, office: Desk) -> None:
    """G8."""
    office.pull(*HEARD, exit_row(3, "He hits me quagga"), name="b.csv", at=TUESDAY)
    assert office.states()[2] == "withheld"
    office.move("L-0001", "withhold", Actor("Ruth Abara", Role.SAFEGUARDING_LEAD), at=TUESDAY, reason="read again")
    assert "L-0" not in amira.client.get("/loops").text
    for path in ("/loops/L-0001", "/loops/L-0001/words", "/loops/L-0003", "/loops/L-0003/words"):
        page = amira.client.get(path)
        assert page.status_code == 404
        assert not {"zebra", "quagga"} & set(page.text.split())


QUAGGA = "He hits me quagga, 07700 900142"


@pytest.fixture
def held(visitor: Visitor, office: Desk) -> Visitor:
    """L-0003 is held back, and Ruth, who leads on safeguarding, is signed in."""
    office.pull(*HEARD, exit_row(3, QUAGGA), name="b.csv", at=TUESDAY)
    visitor.sign_in("ruth")
    return visitor


def settled(visitor: Visitor, **filled: str) -> Response:
    page = visitor.client.get("/safeguarding/L-0003")
    form = visitor.form(page, "/safeguarding/L-0003") | {"outcome": "referred", "reference": "MASH 1234"} | filled
    return visitor.client.post("/safeguarding/L-0003", data=form)


def test_who_leads_on_safeguarding_finds_reads_and_settles_what_is_held_back(held: Visitor, office: Desk) -> None:
    """G8: the alert's button leads to the words as they were written; the reading and what came of it are on record."""
    assert 'href="/safeguarding"' in held.client.get("/loops").text
    queue = held.client.get("/safeguarding").text
    assert "Youth Justice · heard 1 Sep 2026" in queue and "yjs" not in queue
    assert 'href="/safeguarding/L-0003"' in queue
    assert "quagga" not in queue
    page = held.client.get("/safeguarding/L-0003").text
    assert QUAGGA in page and "<p>Youth Justice</p>" in page
    done = settled(held)
    assert (done.url.path, "L-0003: what you found is on record." in done.text) == ("/safeguarding", True)
    assert 'href="/safeguarding/L-0003"' not in done.text
    assert office.moves("L-0003")[-1] == "refer"
    with reading(office.store) as session:
        query = select(AccessEntry).where(AccessEntry.about == "L-0003", AccessEntry.actor == "Ruth Abara")
        asked = session.scalars(query).all()
    assert len(asked) >= 3
    assert all(entry.allowed for entry in asked)


@pytest.mark.parametrize("path", ["/safeguarding", "/safeguarding/L-0003", "/safeguarding/L-0001"])
def test_nobody_else_gets_to_the_reading_desk(held: Visitor, office: Desk, path: str) -> None:
    held.sign_in("amira")
    assert "/safeguarding" not in held.client.get("/loops").text
    page = held.client.get(path)
    assert (page.status_code, "quagga" in page.text) == (404, False)
    with reading(office.store) as session:
        asked = session.scalars(select(AccessEntry).where(AccessEntry.actor == "Amira Sayed")).all()
    assert [entry.allowed for entry in asked if entry.wanted == "withheld"] == [False]


def test_a_reading_without_a_reason_comes_back_and_one_of_an_older_version_is_refused(
    held: Visitor, office: Desk
) -> None:
    lacking = settled(held, reference="")
    assert (lacking.status_code, "This is needed." in lacking.text) == (422, True)
    assert settled(held, outcome="forget it").status_code == 422
    stale = settled(held, version="0")
    assert (stale.status_code, "has moved since it was read" in stale.text) == (409, True)
    assert settled(held, key="somebody else's").status_code == 403
    assert office.moves("L-0003") == ["open_withheld"]


def test_what_is_no_concern_goes_on_and_what_accuses_staff_is_kept_from_them(held: Visitor, office: Desk) -> None:
    settled(held, outcome="not_a_concern", reference="about a film", about_staff="yes")
    found = office.loop("L-0003")
    assert (found.state, found.kept_from_service) == ("heard", True)


def test_what_accuses_a_readers_own_service_is_on_no_page_of_theirs(held: Visitor, office: Desk) -> None:
    """Hana is deputy of safeguarding, and head of the service that the loop is about (G15)."""
    held.sign_in("hana")
    assert "quagga" in held.client.get("/safeguarding/L-0003").text
    ruth = Actor("Ruth Abara", Role.SAFEGUARDING_LEAD)
    office.move("L-0003", "keep_from_service", ruth, at=TUESDAY, reason="about staff")
    page = held.client.get("/safeguarding/L-0003")
    assert (page.status_code, "quagga" in page.text) == (404, False)
    assert "L-0003" not in held.client.get("/safeguarding").text
    form = {"key": held.form(held.client.get("/loops"), "/sign-out")["key"], "version": "2", "outcome": "referred"}
    assert held.client.post("/safeguarding/L-0003", data=form | {"reference": "R"}).status_code == 404
    assert office.moves("L-0003") == ["open_withheld", "keep_from_service"]


# ---- the board's report

STYLE = "p { color: teal }"
PACK = f"<!doctype html><style>{STYLE}</style><p>Closed: 71%</p>"


@pytest.fixture
def reported(visitor: Visitor, office: Desk) -> Visitor:
    """August's pack is written, and Hana, who sits on the board, is signed in."""
    office.configure(policy={"link_base": ADDRESS}, services={"roles": {"quality_board": ["hana"]}})
    folder = office.folder / "home" / "reports"
    folder.mkdir(parents=True)
    (folder / "board-pack-2026-08.html").write_text(PACK, encoding="utf-8")
    visitor.sign_in("hana")
    return visitor


def test_the_boards_button_leads_to_the_pack_and_the_asking_is_on_record(reported: Visitor, office: Desk) -> None:
    summary = BoardSummary("2026-08", "August 2026", "Most were answered.", (("Closed", "71%"),), ())
    (address,) = re.findall(r'"(https:[^"]+)"', json.dumps(board_summary_message(summary, BOARD, "", ADDRESS).blocks))
    page = reported.client.get(address)
    assert (page.status_code, page.text) == (200, PACK)
    with reading(office.store) as session:
        entries = session.scalars(select(AccessEntry).where(AccessEntry.wanted == "figures")).all()
    assert [(entry.actor, entry.about, entry.allowed) for entry in entries] == [("Hana Weiss", "report 2026-08", True)]


def test_the_style_that_stands_in_the_pack_is_let_in_and_nothing_else(reported: Visitor) -> None:
    headers = reported.client.get("/reports/2026-08").headers
    allowed = b64encode(sha256(STYLE.encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'sha256-{allowed}'; form-action" in headers["content-security-policy"]
    assert (headers["cache-control"], headers["x-frame-options"]) == ("no-store", "DENY")


def test_the_pack_is_for_nobody_else(reported: Visitor, office: Desk) -> None:
    reported.client.cookies.clear()
    assert reported.client.get("/reports/2026-08").status_code == 401
    reported.sign_in("amira")
    page = reported.client.get("/reports/2026-08")
    assert (page.status_code, "71%" in page.text) == (404, False)
    with reading(office.store) as session:
        entries = session.scalars(select(AccessEntry).where(AccessEntry.about == "report 2026-08")).all()
    assert [(entry.actor, entry.allowed) for entry in entries] == [("Amira Sayed", False)]


@pytest.mark.parametrize(
    "month", ["2026-07", "2026-13", "2026-8", "2026-08.html", "2026-08%00", "x%2F..%2F2026-08", "..%2Fsecret", "%2e%2e"]
)
def test_no_month_leads_to_another_file(reported: Visitor, office: Desk, month: str) -> None:
    for path in ("secret", "reports/secret", "reports/board-pack-secret.html", "reports/board-pack-..html"):
        (office.folder / "home" / path).write_text(PACK, encoding="utf-8")
    page = reported.client.get(f"/reports/{month}")
    assert (page.status_code, "71%" in page.text) == (404, False)


# ---- what can be done


def test_a_decision_is_recorded_once_and_said_on_the_next_page(amira: Visitor, office: Desk) -> None:
    page = amira.client.get("/loops/L-0001")
    form = amira.form(page, "/loops/L-0001/decide") | DECIDED
    first, again = (amira.client.post("/loops/L-0001/decide", data=form) for _ in range(2))
    assert first.url.path == again.url.path == "/loops"
    assert "L-0001: Decision recorded." in first.text
    assert first.url == again.url
    assert office.moves("L-0001") == ["open", "own", "decide"]
    assert office.count(Press) == 1
    found = office.loop("L-0001")
    assert (found.outcome, found.wording, found.owner) == ("done", "We put a heater in.", "amira")


def test_nobody_reads_what_another_was_told_of_a_press(amira: Visitor, office: Desk) -> None:
    address = str(amira.act("L-0001", "decide", **DECIDED).url)
    amira.client.cookies.clear()
    amira.sign_in("ben")
    assert "Decision recorded" not in amira.client.get(address).text


def test_a_form_with_something_missing_comes_back_with_what_was_typed(amira: Visitor, office: Desk) -> None:
    page = amira.act("L-0001", "decide", outcome="cannot", wording="No room for <b>that</b>.")
    assert page.status_code == 422
    assert "needs its reason" in page.text
    assert "No room for &lt;b&gt;that&lt;/b&gt;." in page.text
    assert 'value="cannot" required checked' in page.text
    assert "Not recorded:" in page.text
    assert office.states()[0] == "heard"


@pytest.mark.parametrize(
    ("action", "filled", "fault"),
    [
        ("decide", {"outcome": "maybe", "wording": "x"}, "Choose one of these."),
        ("decide", {"outcome": "will", "wording": "x", "by_date": "soon"}, "Write a date"),
        ("decide", {"outcome": "done", "wording": "x" * 601}, "At most 600"),
        ("pause", {"reason": "the police"}, "This is needed."),
        ("pause", {"reason": "the police", "until": "2030-01-01"}, "within 40 working days"),
    ],
)
def test_what_no_browser_of_ours_would_send_is_refused_by_name(
    amira: Visitor, office: Desk, action: str, filled: dict[str, str], fault: str
) -> None:
    page = amira.act("L-0001", action, **filled)
    assert page.status_code == 422
    assert fault in page.text
    assert office.moves("L-0001") == ["open"]


def test_a_page_that_is_out_of_date_is_refused_with_where_the_loop_stands(amira: Visitor, office: Desk) -> None:
    """Fault 17."""
    form = amira.form(amira.client.get("/loops/L-0001"), "/loops/L-0001/decide") | DECIDED
    office.move("L-0001", "own", owner="ben", at=TUESDAY)
    refused = amira.client.post("/loops/L-0001/decide", data=form)
    assert refused.status_code == 409
    assert "L-0001 has changed since: it is owned, by Dan Okafor on 8 September. Nothing was recorded." in refused.text
    assert "We put a heater in." in refused.text, "what was typed is not lost"
    assert office.moves("L-0001") == ["open", "own"]


def test_who_lost_the_role_since_the_page_was_opened_is_refused(amira: Visitor, office: Desk) -> None:
    form = amira.form(amira.client.get("/loops/L-0001"), "/loops/L-0001/decide") | DECIDED
    services = [
        {"code": "yjs", "name": "Youth Justice", "owner": "hana", "deputy": "hana", "head": "hana"},
        {"code": "youth", "name": "Youth Clubs", "owner": "ben", "deputy": "amira", "head": "hana"},
    ]
    office.configure(policy={"link_base": ADDRESS}, services={"services": services})
    assert amira.client.post("/loops/L-0001/decide", data=form).status_code in (403, 404)
    assert office.moves("L-0001") == ["open"]


def test_the_whole_way_of_a_loop_can_be_gone_on_pages(amira: Visitor, office: Desk) -> None:
    snoozed = amira.act("L-0001", "snooze")
    assert "L-0001: Snoozed." in snoozed.text
    amira.act("L-0001", "pause", reason="the panel", until="2026-09-22")
    amira.act("L-0001", "decide", outcome="will", wording="Soon.", by_date="2026-10-01")
    amira.act("L-0001", "tell", how="board", where="Reception")
    assert office.loop("L-0001").told_on is not None
    amira.act("L-0001", "keep")
    assert office.moves("L-0001") == ["open", "snooze", "pause", "own", "decide", "tell", "keep"]
    assert "Nothing is waiting here: it is told" in amira.client.get("/loops/L-0001").text


@pytest.mark.parametrize(("does", "moves"), [("yes", ["open", "own", "match"]), ("no", ["open"])])
def test_a_possible_answer_is_confirmed_or_rejected(amira: Visitor, office: Desk, does: str, moves: list[str]) -> None:
    office.pull(change_row(77, Date="2026-09-05"), feed="log", at=TUESDAY)
    row = {"loop_uid": "L-0001", "change_uid": "log:77", "comment_uid": "c", "probability": 0.9, "score": 1.0,
           "band": "likely", "reasons": [], "matcher": "m", "features": []}  # fmt: skip
    with transaction(office.store) as session:
        propose(session, [row], TUESDAY)
    page = amira.client.get("/loops/L-0001")
    assert "Does this answer it?" in page.text
    amira.act("L-0001", f"match.{does}")
    assert office.moves("L-0001") == moves
    assert "Does this answer it?" not in amira.client.get("/loops/L-0001").text


def test_snoozing_takes_a_reason_from_the_third_time_on(amira: Visitor, office: Desk) -> None:
    for _ in range(2):
        amira.act("L-0001", "snooze")
    refused = amira.act("L-0001", "snooze")
    assert refused.status_code == 422
    assert "say why" in refused.text
    amira.act("L-0001", "snooze", reason="the panel meets on Friday")
    assert office.moves("L-0001") == ["open", "snooze", "snooze", "snooze"]


def test_not_mine_gives_it_to_a_colleague(amira: Visitor, office: Desk) -> None:
    amira.act("L-0001", "reassign", owner="ben", reason="Ben runs the room")
    assert office.loop("L-0001").owner == "ben"
    assert "L-0001" not in amira.client.get("/loops").text.partition("Waiting for you")[2]


# ---- the server


def test_nothing_that_is_typed_or_said_is_logged_and_a_fault_is_told_by_its_kind(
    amira: Visitor, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    amira.act("L-0001", "decide", outcome="cannot", wording="quagga")
    amira.client.get("/loops/L-0001/words")
    monkeypatch.setenv("HEARDBACK_DATABASE_URL", "nonsense://quagga")
    assert amira.client.get("/loops").status_code == 503
    assert "quagga" not in caplog.text
    assert "zebra" not in caplog.text
    assert "a page could not be shown: StoreError" in caplog.text


def test_a_form_longer_than_any_of_ours_is_not_read(visitor: Visitor) -> None:
    assert visitor.client.post("/loops/L-0001/decide", content=b"x" * 64_001).status_code == 413


def test_without_slack_the_pages_are_served_alone_and_without_either_it_says_what_is_missing(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert visitor.client.post("/slack/actions", content="payload={}").status_code == 404
    monkeypatch.delenv("HEARDBACK_SECRET_LINK_KEY")
    with pytest.raises(ConfigurationError) as raised:
        web_app()
    assert "HEARDBACK_SLACK_SIGNING_SECRET" in str(raised.value)
    assert "HEARDBACK_SECRET_LINK_KEY" in str(raised.value)
