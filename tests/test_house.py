"""The house's own rules: what must be true of every module, event, flow, error and page, whoever adds one."""

import ast
import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from heardback import errors
from heardback.domain.events import EVENTS
from heardback.domain.states_page import states_page
from heardback.store import Loop

CHECKOUT = Path(__file__).parents[1]
ROOMS = ("config", "tasks", "flows", "heardback")
MODULES = sorted(path for room in ROOMS for path in (CHECKOUT / room).rglob("*.py"))
PAGES = [CHECKOUT / "README.md", *sorted((CHECKOUT / "docs").glob("*.md")), *sorted(CHECKOUT.glob("CONTRIBUTING.md"))]

# Events that nothing emits yet, and why. A new event is emitted, or stands here.
LATER: dict[str, str] = {}
LOGS = {"debug", "info", "warning", "error", "exception", "critical", "log"}
LOGGERS = {"log", "logger", "_log", "_logger", "logging", "get_run_logger", "getLogger"}
WORDS = {"text", "comment", "words", "cells", "wording", "said", "content", "row", "frame"}


def named(path: Path) -> str:
    return str(path.relative_to(CHECKOUT))


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def called(node: ast.AST) -> str:
    """The last name of what is called: `insert` of `sqlalchemy.insert(...)`."""
    function = node.func if isinstance(node, ast.Call) else node
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_every_module_opens_with_a_caption_of_one_line(path: Path) -> None:
    caption = (ast.get_docstring(tree_of(path)) or "").split("\n")[0]
    assert caption, "say what it is about, in one line"
    assert caption[-1] in ".:", "a caption is a sentence"


# ---- the one door


def writes_to_loops(tree: ast.Module) -> list[str]:
    """Where a tree creates, changes or deletes loops or their history."""
    found = [node for node in ast.walk(tree) if _is_a_call(node) or _is_an_assignment(node) or _is_a_statement(node)]
    return [ast.unparse(node) for node in found]


def _is_a_call(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call):
        return False
    first = getattr(node.args[0], "id", "") if node.args else ""
    writes = called(node) in {"insert", "update", "delete"} and first in {"Loop", "HistoryEntry"}
    return writes or called(node) in {"Loop", "HistoryEntry"} or (called(node) == "setattr" and "loop" in first)


def _is_an_assignment(node: ast.AST) -> bool:
    targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
    attributes = [target for target in targets if isinstance(target, ast.Attribute)]
    return isinstance(node, (ast.Assign, ast.AugAssign)) and any(
        target.attr in Loop.__table__.columns and "loop" in ast.unparse(target.value).lower() for target in attributes
    )


def _is_a_statement(node: ast.AST) -> bool:
    statement = r"(?is)\s*(update|insert (or \w+ )?into|delete from)\s+\"?(loop|history)\b"
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and bool(re.match(statement, node.value))


def test_only_the_ledger_changes_loops_and_their_history() -> None:
    found = {named(path): list(writes_to_loops(tree_of(path))) for path in MODULES}
    writers = {path: places for path, places in found.items() if places and path != "heardback/ledger.py"}
    # Matching notes which loops it has met: neither a state nor anything that a person would look for in a history.
    assert writers == {"heardback/store/waiting.py": ["update(Loop)"]}
    marking = (CHECKOUT / "heardback/store/waiting.py").read_text(encoding="utf-8")
    assert re.findall(r"update\(Loop\)(?:(?!values).)*\.values\((\w+)=", marking, re.DOTALL) == ["matched_at"]
    assert found["heardback/ledger.py"]


@pytest.mark.parametrize(
    "line",
    [
        "session.execute(update(Loop).values(state='told'))",
        "session.execute(sqlalchemy.insert(HistoryEntry), rows)",
        "session.execute(text('UPDATE loop SET state = 1'))",
        "session.add(Loop(loop_uid='L-1'))",
        "loop.state = 'told'",
        "found_loop.voices += 1",
        "setattr(loop, name, value)",
    ],
)
def test_a_way_around_the_ledger_is_seen(line: str) -> None:
    assert list(writes_to_loops(ast.parse(line)))


# ---- events and flows


def test_every_event_is_emitted_somewhere_or_says_why_not_yet() -> None:
    modules = [path for path in MODULES if path.name != "events.py"]
    used = {called(node) for path in modules for node in ast.walk(tree_of(path)) if isinstance(node, ast.Call)}
    emitted = {name for name, event in EVENTS.items() if event.__name__ in used}
    assert emitted | set(LATER) == set(EVENTS)
    assert emitted & set(LATER) == set(), "it has come; take it off the list"


@pytest.mark.parametrize("name", sorted(EVENTS))
def test_an_event_carries_ids_and_counts_alone(name: str) -> None:
    assert re.fullmatch(r"[a-z_]+\.[a-z_]+ed|[a-z]+\.(silent|told|overdue|broken)", name), (
        "events are in the past tense"
    )
    fields = inspect.get_annotations(EVENTS[name], eval_str=True)
    assert set(fields.values()) <= {str, int}
    about = {"source", "box", "register", "change", "outcome", "how", "month"}
    counts = {"rows", "comments", "changes", "matches", "days", "priority"}
    assert set(fields) <= about | counts


def test_every_flow_says_what_it_does_and_keeps_no_result() -> None:
    found = 0
    for path in (CHECKOUT / "flows").glob("*.py"):
        for node in ast.walk(tree_of(path)):
            decorators = node.decorator_list if isinstance(node, ast.FunctionDef) else []
            for decorator in (one for one in decorators if called(one) == "flow"):
                found += 1
                assert ast.get_docstring(node), f"{named(path)}: {node.name}"
                assert "persist_result=False" in ast.unparse(decorator), f"{named(path)}: {node.name}"
    assert found >= 10


# ---- no child's words


def words_logged(tree: ast.Module) -> Iterator[str]:
    """Where a name that holds words is handed to a logger (what is merely counted is not)."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and called(node) in LOGS and _is_a_logger(node.func):
            given = [*node.args, *(keyword.value for keyword in node.keywords)]
            yield from (f"line {node.lineno}: {name}" for value in given for name in _names(value) if name in WORDS)


def _is_a_logger(function: ast.expr) -> bool:
    return isinstance(function, ast.Attribute) and called(function.value) in LOGGERS


def _names(value: ast.expr) -> Iterator[str]:
    if isinstance(value, ast.Call) and called(value) in {"len", "sum", "type"}:
        return
    if isinstance(value, (ast.Name, ast.Attribute)):
        yield value.id if isinstance(value, ast.Name) else value.attr
    for child in ast.iter_child_nodes(value):
        if isinstance(child, ast.expr):
            yield from _names(child)


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_nothing_that_holds_words_is_handed_to_a_logger(path: Path) -> None:
    assert list(words_logged(tree_of(path))) == []


@pytest.mark.parametrize(
    "line",
    [
        "log.info('%s', text)",
        "logger.warning(f'{text}')",
        "get_run_logger().info('%s', comment.text)",
        "log.error(text[:9])",
    ],
)
def test_words_handed_to_a_logger_are_seen(line: str) -> None:
    assert list(words_logged(ast.parse(line)))


def test_how_much_was_said_may_be_logged() -> None:
    assert list(words_logged(ast.parse("log.info('%d of %d', len(text), report.comments)"))) == []


# ---- errors and pages


def drawn_errors() -> dict[str, str]:
    """Each error of the tree in errors.py's docstring, with its parent."""
    drawn: dict[str, str] = {}
    path: dict[int, str] = {}
    for line in (errors.__doc__ or "").splitlines():
        found = re.match(r"^([\s│├└─]*)([A-Z]\w+)(\s{2}|$)", line)
        if found:
            depth = (len(found[1]) - 4) // 4
            path[depth] = found[2]
            drawn[found[2]] = path.get(depth - 1, "Exception")
    return drawn


def test_every_error_stands_in_the_tree_under_its_parent_and_every_one_drawn_exists() -> None:
    written = {
        name: kind.__base__.__name__
        for name, kind in vars(errors).items()
        if isinstance(kind, type) and issubclass(kind, Exception) and kind.__module__ == errors.__name__
    }
    assert drawn_errors() == written


def test_errors_are_made_in_one_file_but_for_a_fault_which_nobody_raises_on_purpose() -> None:
    bases = {"Exception", "ValueError", "RuntimeError", *drawn_errors()}
    made = {
        f"{named(path)}: {node.name}"
        for path in MODULES
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.ClassDef) and bases & {called(base) for base in node.bases} and path.name != "errors.py"
    }
    private = {"config/reading.py: _Unwritten"}  # becomes a line of a ConfigurationError before it leaves its file
    assert made == {"tasks/step.py: Fault"} | private


def test_the_page_of_states_is_what_the_table_of_moves_says() -> None:
    written = (CHECKOUT / "docs" / "states.md").read_text(encoding="utf-8")
    assert written == states_page(), "python -m heardback.domain.states_page > docs/states.md"


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_link_between_pages_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")):
        if not target.startswith(("http://", "https://", "#", "mailto:")):
            assert (page.parent / target.split("#")[0]).exists(), f"{named(page)}: {target}"


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_file_that_a_page_names_exists(page: Path) -> None:
    """Paths in backticks that begin with one of the house's rooms, and modules to be run."""
    rooms = "|".join((*ROOMS, "tests", "docs", "bench", "sample"))
    text = page.read_text(encoding="utf-8")
    run = [f"{module.replace('.', '/')}.py" for module in re.findall(rf"python -m ((?:{rooms})\.[\w.]+)", text)]
    for target in [*re.findall(rf"`((?:{rooms})/[\w./-]+\.\w+)`", text), *run]:
        if "NAME" in target:  # a recipe's own place-holder
            continue
        assert (CHECKOUT / target).exists(), f"{named(page)}: {target}"
