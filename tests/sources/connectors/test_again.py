"""What a tool handed over is read again from the bytes that are kept: the tool is not asked, and no cursor moves."""

from typing import Any

import pytest

from tasks.pull import pull_again
from tests.desk import Desk, problems_of
from tests.sources.connectors.contract import Case, cases
from tests.sources.connectors.toolside import toolside

pytestmark = pytest.mark.usefixtures("quick_gate")
KEYS = {"sql": "ref", "kobotoolbox": "_id", "odk-central": "__id", "mailbox": "message_id"}
SAID = {"kobotoolbox": "say/comment", "odk-central": "about/improve", "mailbox": "text"}


def a_source(case: Case, tool: Any, **choice: Any) -> dict[str, Any]:
    """A map under which what people wrote is what no option of a choice lists."""
    key, said = KEYS.get(case.name, "id"), SAID.get(case.name, "improve")
    asked = {"column": said, "role": "choice", "code": "said", "options": ["none of these"], **choice}
    return {
        "source": "tool", "name": "A tool", "tool": "other", "channel": "online_survey", "service": "yjs",
        "natural_key": [key], "mode": "append", "connect": {"to": case.name, **case.connect(tool)},
        "questions": [{"column": key, "role": "record_id"}, asked],
    }  # fmt: skip


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_what_a_tool_handed_over_is_read_again_once_the_tool_is_gone(
    case: Case, sqlite_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All that there was, and what came since, in pulls of their own."""
    said = SAID.get(case.name, "improve")
    with case.play() as tool:
        side = toolside(sqlite_desk, monkeypatch, a_source(case, tool), case.secrets)
        assert side.pull().status == "landed"
        case.later(tool)
        assert side.pull(1).status == "landed"
        toolside(sqlite_desk, monkeypatch, a_source(case, tool, own_words=True), case.secrets)
    cursor = side.cursor
    assert {file.status for file in pull_again("tool", side.at(2)).files} == {"landed"}
    assert sqlite_desk.texts() == sorted(row[said] for row in [*case.rows, case.added] if row.get(said))
    assert {file.status for file in pull_again("tool", side.at(3)).files} == {"unchanged"}
    assert side.cursor == cursor
    assert problems_of(sqlite_desk.store) == []
