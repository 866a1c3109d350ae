"""What a connector is told in the tests that ask it without a council around it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from config.maps import SourceMap
from heardback.sources.connector import Asking
from tests.council import EXIT
from tests.factories import NOW


def asking_of(
    connect: Mapping[str, Any], secrets: Mapping[str, str], otherwise: Mapping[str, Any] = {}, **more: Any
) -> Asking:
    """The exit questionnaire of tests.council, connected and otherwise; `more` are other fields of Asking."""
    feed = SourceMap.model_validate({**EXIT, "file": {}, **otherwise, "connect": dict(connect)})
    fields: dict[str, Any] = {"feed": feed, "folder": Path(), "at": NOW, "secret": secrets.__getitem__}
    return Asking(**{**fields, **more})
