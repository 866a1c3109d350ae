"""YAML as people write it, with the line of every fault: nothing is guessed, nothing is coerced before a model asks."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

ModelT = TypeVar("ModelT", bound=BaseModel)
Where = tuple[str | int, ...]
LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # the same loader in C, ten times as fast, where it was built


class Knobs(BaseModel):
    """A piece of configuration: closed (an unknown key is a fault) and frozen."""

    model_config = ConfigDict(extra="forbid", frozen=True)


@dataclass(frozen=True, order=True)
class Fault:
    """One thing wrong in the configuration: which file, which line, what, and what to do about it."""

    file: str
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what}"


@dataclass(frozen=True)
class Document:
    """A YAML file as plain strings, lists and mappings, and the line on which each of them stands."""

    path: Path
    content: Any
    lines: dict[Where, int]

    def line_of(self, where: Where) -> int:
        """The line of a place in the document, or of the nearest place around it that was written down."""
        while where and where not in self.lines:
            where = where[:-1]
        return self.lines.get(where, 1)

    def fault(self, where: Where, what: str) -> Fault:
        """A fault at a place in this document."""
        return Fault(str(self.path), self.line_of(where), what)


def read_document(path: Path) -> Document | Fault:
    """Read one YAML file without coercion (`yes` stays "yes", `0123` stays "0123"), keeping line numbers."""
    try:
        node = yaml.compose(path.read_text(encoding="utf-8"), Loader=LOADER)
    except FileNotFoundError:
        return Fault(str(path), 1, "the file is missing; `heardback init DIR` writes a commented one")
    except (OSError, UnicodeDecodeError) as error:
        return Fault(str(path), 1, f"the file cannot be read ({error})")
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        return Fault(str(path), line, f"not valid YAML: {error.problem}")
    lines: dict[Where, int] = {}
    try:
        return Document(path, _plain(node, (), lines), lines)
    except _RepeatedKey as repeated:
        return Fault(str(path), repeated.line, f"the key '{repeated.key}' stands twice; keep one")


class _RepeatedKey(Exception):
    def __init__(self, key: str, line: int) -> None:
        super().__init__(key)
        self.key, self.line = key, line


def _plain(node: yaml.Node | None, where: Where, lines: dict[Where, int]) -> Any:
    if node is None:
        return {}
    lines.setdefault(where, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        return _plain_mapping(node, where, lines)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, (*where, position), lines) for position, item in enumerate(node.value)]
    return node.value


def _plain_mapping(node: yaml.MappingNode, where: Where, lines: dict[Where, int]) -> dict[str, Any]:
    plain: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key, line = str(key_node.value), key_node.start_mark.line + 1
        if key in plain:
            raise _RepeatedKey(key, line)
        lines[(*where, key)] = line
        plain[key] = _plain(value_node, (*where, key), lines)
    return plain


def read_model(model: type[ModelT], path: Path) -> tuple[ModelT | None, Document | None, list[Fault]]:
    """Read a file into a model; all of its faults at once, each with its line."""
    document = read_document(path)
    if isinstance(document, Fault):
        return None, None, [document]
    try:
        return model.model_validate(document.content), document, []
    except ValidationError as error:
        faults = [document.fault(_place(problem["loc"]), _say(problem)) for problem in error.errors()]
        return None, document, faults


def _place(location: tuple[int | str, ...]) -> Where:
    return tuple(part for part in location if part != "[key]")


def _say(problem: Any) -> str:
    """A pydantic problem in words that name the key and what to do."""
    key = ".".join(str(part) for part in problem["loc"]) or "the file"
    kind = problem["type"]
    if kind == "extra_forbidden":
        return f"unknown key '{problem['loc'][-1]}'; remove it or correct its spelling"
    if kind == "missing":
        return f"'{key}' is missing; add it"
    message = str(problem["msg"]).removeprefix("Value error, ")
    return f"'{key}': {message}"
