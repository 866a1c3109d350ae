"""ODK Central: a form's submissions over OData; edits and deletions come with what is new.

From its documents and its source: the feed is newest first, a page's next link carries a `$skiptoken`, deleted
submissions are listed only where the filter asks about their deletion, and Basic auth is taken over https alone, a
session everywhere. `__id` stays across an edit, where `meta/instanceID` changes.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from pydantic import Field

from config.values import SecretName, WebAddress
from heardback.domain.table import BrokenRow, Table
from heardback.errors import SourceUnavailable
from heardback.sources.connector import Asking, Connector, Drop, Fetched
from heardback.sources.feed import Feed
from heardback.sources.tables.json_records import table_of_records
from heardback.sources.web.client import Page, Web, host_of, web
from heardback.sources.web.paging import pages, unexpected
from heardback.sources.web.recent import Recent, Span, one_drop
from heardback.sources.web.record_pages import check_key, document_of, kept_records, next_page, records_on

KEY, RECORDS = "__id", "value"
CHANGES = ("submissionDate", "updatedAt", "deletedAt")
LOCKED = "the submission is encrypted: ODK Central does not hand over what it says"


class OdkCentral(Recent):
    """A form of a project, and a web user of ODK Central who may view its submissions and nothing else."""

    address: WebAddress
    project: int = Field(ge=1)
    form: str = Field(min_length=1)
    email: str = Field(min_length=3)
    password: SecretName
    page_size: int = Field(default=250, ge=1, le=10_000)


def drops(settings: OdkCentral, asking: Asking) -> Sequence[Drop]:
    """One drop: what changed, or all that there is. Raises PullRefused where the map knows answers by another key."""
    check_key(asking.feed, KEY)
    return one_drop("odk", settings.form, settings, asking, _ask)


def knock(settings: OdkCentral, asking: Asking) -> None:
    """Open a session and ask for one submission. Raises SourceUnavailable."""
    with _open(settings, asking) as tool:
        records_on(tool.get_json(_address(settings), {"$top": 1}), RECORDS)


def table(content: bytes, name: str, feed: Feed) -> Table:
    """Submissions as rows; groups by `group/question`, repeats as `repeat/question#1`, deleted ones apart."""
    records, _ = kept_records(content, name, RECORDS)
    return _without_locked(table_of_records(records, name, feed, deleted="__system/deletedAt"), records)


def _without_locked(read: Table, records: Sequence[dict[str, Any]]) -> Table:
    """What Central could not decrypt comes without answers: a row for people to see, not an empty form."""
    locked = [row for row in read.numbers if _system(records[row - 1]).get("status")]
    broken = [BrokenRow(row, (), LOCKED) for row in locked]
    return replace(read, cells=read.frame.drop(index=locked), broken=broken)


def _ask(settings: OdkCentral, asking: Asking, span: Span) -> Fetched:
    # Repeats are tables of their own; expanded, each of their rows comes with its submission and cannot miss it.
    wanted = {"$top": settings.page_size, "$count": "true", "$expand": "*"}
    if span.since:
        since = span.since.strftime("%Y-%m-%dT%H:%M:%S.000Z")
        wanted["$filter"] = " or ".join(f"__system/{change} ge {since}" for change in CHANGES)
    with _open(settings, asking) as tool:
        found = pages(tool.get_json(_address(settings), wanted), _next, tool.get_json)
    records = [record for page in found for record in records_on(page, RECORDS)]
    _check_whole(found[0], len({str(record.get(KEY)) for record in records}))
    return Fetched(document_of(found, whole=span.whole), span.cursor(_changes(records)), span.whole)


@contextmanager
def _open(settings: OdkCentral, asking: Asking) -> Iterator[Web]:
    hosts = [host_of(settings.address)]
    with web(asking, hosts) as door:
        token = _open_session(door, settings, asking.secret(settings.password))
    with web(asking, hosts, headers={"Authorization": f"Bearer {token}"}) as tool:
        yield tool


def _address(settings: OdkCentral) -> str:
    return f"{settings.address}/v1/projects/{settings.project}/forms/{quote(settings.form, safe='')}.svc/Submissions"


def _open_session(door: Web, settings: OdkCentral, password: str) -> str:
    """A session's token; it ends by itself after a day."""
    page = door.post_json(f"{settings.address}/v1/sessions", {"email": settings.email, "password": password})
    token = page.json.get("token") if isinstance(page.json, dict) else None
    if not isinstance(token, str):
        raise unexpected(page)
    return token


def _next(page: Page) -> str | None:
    records_on(page, RECORDS)
    return next_page(page, "@odata.nextLink", ("$skiptoken", "$skip"))


def _check_whole(first: Page, received: int) -> None:
    """As many as the first page states, or more: what is sent while we read stands before it and comes next time.

    A submission that stands on two pages counts once, so that it hides none that is missing.
    """
    stated = first.json.get("@odata.count")
    if not isinstance(stated, int):
        raise unexpected(first)
    if received < stated:
        raise SourceUnavailable(
            f"the tool states {stated} answers and hands over {received}",
            where=host_of(first.url),
            do="pull again; nothing of this one was kept",
        )


def _changes(records: Sequence[dict[str, Any]]) -> Iterator[str]:
    return (str(_system(record).get(change) or "") for record in records for change in CHANGES)


def _system(record: dict[str, Any]) -> dict[str, Any]:
    system = record.get("__system")
    return system if isinstance(system, dict) else {}


CONNECTOR = Connector(OdkCentral, drops, table, knock=knock)
