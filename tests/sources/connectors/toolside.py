"""A council whose source is a tool on the loopback: pulled as it would be, over HTTP, into a real database."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from heardback.landing.account import FileReport
from heardback.store import QuarantinedRow, Response
from heardback.store.pull_records import cursor_of
from heardback.store.session import reading
from tests.desk import Desk
from tests.factories import NOW
from tests.sources.connectors.http_tool import Answer

BUSY = Answer({"message": "oops"}, 503, {"Retry-After": "0"})  # so that nobody waits before asking again


@dataclass(frozen=True)
class Toolside:
    """`feed` is the source's code."""

    desk: Desk
    feed: str

    def pull(self, days: float = 0) -> FileReport:
        """Pull so many days after NOW."""
        return self.desk.pull(feed=self.feed, at=self.at(days))

    def at(self, days: float) -> datetime:
        return NOW + timedelta(days=days)

    @property
    def cursor(self) -> str:
        with reading(self.desk.store) as session:
            return cursor_of(session, self.feed)

    def responses(self) -> dict[str, Response]:
        """Those that stand, by the tool's own id."""
        with reading(self.desk.store) as session:
            found = session.scalars(select(Response).where(Response.withdrawn_at.is_(None)))
            return {response.source_record_id: response for response in found}

    def reasons(self) -> list[list[str]]:
        with reading(self.desk.store) as session:
            return list(session.scalars(select(QuarantinedRow.reasons)))


def toolside(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, source: Mapping[str, Any], secrets: Mapping[str, str], **policy: Any
) -> Toolside:
    """The council with this source configured, its secrets set and the loopback allowed."""
    for name, secret in secrets.items():
        monkeypatch.setenv(name, secret)
    code = str(source["source"])
    desk.configure(sources={code: source}, policy={"network": {"private_hosts": ["localhost"]}, **policy})
    return Toolside(desk, code)
