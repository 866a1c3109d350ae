"""YAML as people write it, with the line of every fault: nothing is guessed, nothing is coerced before a model asks.

A key with nothing behind it counts as left out, so that a section whose lines are all commented out keeps its defaults.
"""

from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar, get_args

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

ModelT = TypeVar("ModelT", bound=BaseModel)
Where = tuple[str | int, ...]
LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # the same loader in C, ten times as fast, where it was built
IN_OUR_WORDS = {
    "dict_type": "should be 'key: value' lines, indented below it",
    "model_type": "should be 'key: value' lines, indented below it",
    "model_attributes_type": "should be 'key: value' lines, indented below it",
    "tuple_type": "should be a list: [one, another], or lines that begin with '- '",
    "list_type": "should be a list: [one, another], or lines that begin with '- '",
    "int_parsing": "should be a whole number",
    "float_parsing": "should be a number",
    "bool_parsing": "should be yes or no",
    "time_parsing": "should be a time of day: 09:30",
    "date_from_datetime_parsing": "should be a day: 2026-11-10",
    "too_short": "should hold at least one entry",
    "string_type": "should be one text; put quotation marks around text with brackets or a colon",
}


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
    """A YAML file as plain strings, lists and mappings, and the line on which each of them stands.

    `faults` are keys that stand twice: the content has the first of them.
    """

    path: Path
    content: Any
    lines: dict[Where, int]
    faults: tuple[Fault, ...] = ()

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
    plain = _Plain()
    try:
        node = yaml.compose(_text_of(path), Loader=LOADER)
        content = {} if node is None else plain.of(node, ())
    except _Unwritten as unwritten:
        return Fault(str(path), unwritten.line, unwritten.what)
    except yaml.YAMLError as error:
        return _not_yaml(path, error)
    return Document(path, content, plain.lines, tuple(Fault(str(path), line, what) for line, what in plain.twice))


class _Unwritten(Exception):
    """Something in a file that cannot be taken as it is written; the line and what to do."""

    def __init__(self, line: int, what: str) -> None:
        super().__init__(what)
        self.line, self.what = line, what


def _text_of(path: Path) -> str:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise _Unwritten(1, "the file is missing; `heardback init DIR` writes a commented one") from None
    except OSError as error:
        raise _Unwritten(1, f"the file cannot be read ({error.strerror}); correct its path or its rights") from None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise _Unwritten(line, "a letter here is not UTF-8; save the file as UTF-8") from None


def _not_yaml(path: Path, error: yaml.YAMLError) -> Fault:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "it cannot be read"
    if "cannot start any token" in str(problem):
        problem = f"{problem} (a tab? indent with spaces; words that begin with @, ` or % need quotation marks)"
    return Fault(str(path), mark.line + 1 if mark else 1, f"not valid YAML: {problem}")


class _Plain:
    """A YAML node as plain strings, lists and mappings; notes the line of each, and keys that stand twice."""

    def __init__(self) -> None:
        self.lines: dict[Where, int] = {}
        self.twice: list[tuple[int, str]] = []
        self._seen: set[int] = set()

    def of(self, node: yaml.Node, where: Where) -> Any:
        """The content of a node that stands at a place."""
        line = node.start_mark.line + 1
        if id(node) in self._seen:  # ten aliases of ten aliases would fill the memory, one of itself never end
            raise _Unwritten(line, "what begins here is used a second time by an alias (*); write it out there")
        self._seen.add(id(node))
        self.lines.setdefault(where, line)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, where)
        if isinstance(node, yaml.SequenceNode):
            return [self.of(item, (*where, position)) for position, item in enumerate(node.value)]
        return node.value

    def _mapping(self, node: yaml.MappingNode, where: Where) -> dict[str, Any]:
        plain: dict[str, Any] = {}
        written: set[str] = set()
        for key_node, value_node in node.value:
            key, line = self._key(key_node)
            if key in written:
                self.twice.append((line, f"the key '{key}' stands twice; keep one"))
                continue
            written.add(key)
            self.lines[(*where, key)] = line
            if not _is_left_out(value_node):
                plain[key] = self.of(value_node, (*where, key))
        return plain

    def _key(self, node: yaml.Node) -> tuple[str, int]:
        line = node.start_mark.line + 1
        if not isinstance(node, yaml.ScalarNode):
            raise _Unwritten(line, "a key is one word or one text; put text with brackets into quotation marks")
        return str(node.value), line


def _is_left_out(node: yaml.Node) -> bool:
    """`key:` and nothing more; an empty text is written as '''."""
    return isinstance(node, yaml.ScalarNode) and node.value == "" and not node.style


def faults_in(model: type[BaseModel], content: object) -> list[tuple[Where, str]]:
    """What a model finds wrong with plain content: where in it, and what to do."""
    try:
        model.model_validate(content)
    except ValidationError as error:
        return [(_place(problem["loc"]), _say(problem, model)) for problem in _first_causes(error)]
    return []


def read_model(model: type[ModelT], path: Path) -> tuple[ModelT | None, Document | None, list[Fault]]:
    """Read a file into a model; all of its faults at once, each with its line."""
    document = read_document(path)
    if isinstance(document, Fault):
        return None, None, [document]
    try:
        found = model.model_validate(document.content)
    except ValidationError as error:
        faults = [document.fault(_place(problem["loc"]), _say(problem, model)) for problem in _first_causes(error)]
        return None, document, sorted([*document.faults, *faults])
    return None if document.faults else found, document, list(document.faults)


def _first_causes(error: ValidationError) -> list[Any]:
    """Without the lists that pydantic finds too short because their entries are wrong."""
    problems = error.errors()
    places = [problem["loc"] for problem in problems]
    return [
        problem
        for problem in problems
        if problem["type"] != "too_short"
        or not any(place != problem["loc"] and place[: len(problem["loc"])] == problem["loc"] for place in places)
    ]


def _place(location: tuple[int | str, ...]) -> Where:
    return tuple(part for part in location if part != "[key]")


def _keys_at(model: Any, where: Where) -> list[str]:
    """The keys that may stand at a place below a model; none where anything may."""
    for part in where:
        inner = model.model_fields[part].annotation if part in getattr(model, "model_fields", {}) else model
        model = next(iter(_models_in(inner)), inner)
    return [field.alias or name for name, field in getattr(model, "model_fields", {}).items()]


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for inner in get_args(annotation) for model in _models_in(inner)]


def _unknown_key(problem: Any, model: type[BaseModel]) -> str:
    *place, key = _place(problem["loc"])
    near = get_close_matches(str(key), _keys_at(model, tuple(place)), n=1)
    do = f"did you mean '{near[0]}'?" if near else "remove it or correct its spelling"
    return f"unknown key '{key}'; {do}"


def _say(problem: Any, model: type[BaseModel]) -> str:
    """A pydantic problem in words that name the key and what to do."""
    key = ".".join(str(part) for part in _place(problem["loc"])) or "the file"
    kind = problem["type"]
    if kind == "extra_forbidden":
        return _unknown_key(problem, model)
    if kind == "missing":
        return f"'{key}' is missing; add it"
    message = IN_OUR_WORDS.get(kind) or str(problem["msg"]).removeprefix("Value error, ")
    message = message.removeprefix("Input ").removeprefix("String ")
    written = f"'{problem['input']}' " if isinstance(problem["input"], str) and message.startswith("should") else ""
    return f"'{key}': {written}{message}"
