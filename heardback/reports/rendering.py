"""Templates to pages: every value escaped, every name in a template known, the same bytes each time."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined


def render(template: str, values: Mapping[str, object]) -> str:
    """One page. A value that the template names and `values` lacks raises jinja2.UndefinedError."""
    return _environment().get_template(template).render(**values).strip() + "\n"


def write_text(path: Path, text: str) -> Path:
    """The text as UTF-8 with the line ends it has, on every system; folders are made as needed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode())
    return path


def in_words(day: date | None) -> str:
    """A date as people write it, `4 December 2025`; empty where there is none."""
    return f"{day.day} {day:%B %Y}" if day else ""


def month_in_words(month: str) -> str:
    """`2025-12` as `December 2025`."""
    return f"{date.fromisoformat(f'{month}-01'):%B %Y}"


@lru_cache(maxsize=1)  # a template is compiled once in a run: of a pack's time it was a quarter
def _environment() -> Environment:
    # autoescape is forced: Jinja's own default escapes nothing, and by file name it would miss some templates
    environment = Environment(
        loader=PackageLoader("heardback.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(in_words=in_words, month_in_words=month_in_words)
    return environment
