"""KoboToolbox, API v2: a project's submissions; what is new each time, everything now and then.

From its documents and its source: `_submission_time` is UTC without saying so and does not move with an edit, so edits
and deletions show only in the whole; `_uuid` may stand on two submissions, `_id` never; a question that nobody answered
is left out; since March 2026 a page holds 100 submissions, or up to 1,000 where they are asked for.
"""

import json
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import replace

from pydantic import Field

from config.values import SecretName, WebAddress
from heardback.domain.table import Table
from heardback.sources.connector import Asking, Connector, Drop, Fetched
from heardback.sources.feed import Feed
from heardback.sources.tables.json_records import table_of_records
from heardback.sources.web.client import Page, Web, host_of, web
from heardback.sources.web.paging import pages, unexpected
from heardback.sources.web.recent import Recent, Span, one_drop
from heardback.sources.web.record_pages import check_key, document_of, kept_records, next_page, records_on

KEY, RECORDS, SENT = "_id", "results", "_submission_time"
MOST = 1_000
NO_OFFSET = r"^(\d{4}-\d\d-\d\dT[\d:.]+)$"


class KoboToolbox(Recent):
    """A project (its id stands in its address), and the token of an account that may view its submissions."""

    address: WebAddress
    asset: str = Field(pattern=r"^[A-Za-z0-9]+$")
    token: SecretName
    page_size: int = Field(default=MOST, ge=1, le=MOST)


def drops(settings: KoboToolbox, asking: Asking) -> Sequence[Drop]:
    """One drop: what is new, or all that there is. Raises PullRefused where the map knows answers by another key."""
    check_key(asking.feed, KEY)
    return one_drop("kobo", settings.asset, settings, asking, _ask)


def knock(settings: KoboToolbox, asking: Asking) -> None:
    """Ask how many submissions there are. Raises SourceUnavailable."""
    with _open(settings, asking) as tool:
        _stated(tool.get_json(_address(settings), {"format": "json", "limit": 1}))


def table(content: bytes, name: str, feed: Feed) -> Table:
    """Submissions as rows; choices are XML values joined by spaces, instants UTC and say so.

    Only the whole can tell a question that is gone from one that nobody answered this week.
    """
    records, whole = kept_records(content, name, RECORDS)
    read = table_of_records(records, name, feed, may_lack=not whole)
    if SENT not in read.columns:
        return read
    sent = read.frame[SENT].str.replace(NO_OFFSET, r"\1Z", regex=True)
    return replace(read, cells=read.frame.assign(**{SENT: sent}))


def _ask(settings: KoboToolbox, asking: Asking, span: Span) -> Fetched:
    # In the order of the ids, what is sent while we read comes last and moves nothing.
    wanted: dict[str, object] = {
        "format": "json", "limit": settings.page_size, "start": 0, "sort": json.dumps({KEY: 1})
    }  # fmt: skip
    if span.since:
        wanted["query"] = json.dumps({SENT: {"$gte": span.since.strftime("%Y-%m-%dT%H:%M:%S")}})
    with _open(settings, asking) as tool:
        found = pages(tool.get_json(_address(settings), wanted), _next, tool.get_json, ids_of=_ids, stated_of=_stated)
    sent = [str(record.get(SENT) or "") for page in found for record in records_on(page, RECORDS)]
    return Fetched(document_of(found, whole=span.whole), span.cursor(sent), span.whole)


def _open(settings: KoboToolbox, asking: Asking) -> AbstractContextManager[Web]:
    token = {"Authorization": f"Token {asking.secret(settings.token)}"}
    return web(asking, [host_of(settings.address)], headers=token)


def _address(settings: KoboToolbox) -> str:
    return f"{settings.address}/api/v2/assets/{settings.asset}/data/"


def _ids(page: Page) -> list[object]:
    return [record.get(KEY) for record in records_on(page, RECORDS)]


def _stated(page: Page) -> int:
    if not isinstance(page.json.get("count"), int):
        raise unexpected(page)
    return int(page.json["count"])


def _next(page: Page) -> str | None:
    records_on(page, RECORDS)
    return next_page(page, "next", ("start",))


CONNECTOR = Connector(KoboToolbox, drops, table, knock=knock)
