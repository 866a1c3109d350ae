"""Values that several files hold: what is taken and what is told of the rest."""

import pytest
from pydantic import TypeAdapter, ValidationError

from config.values import CHANNELS, TOOLS, DateFormat, Encoding, Pattern, PatternWithGroup, Timezone, Tool
from heardback.domain import words


@pytest.mark.parametrize(
    ("kind", "good", "bad", "told"),
    [
        (Timezone, "Europe/London", "Europe/Londn", "no time zone"),
        (Timezone, "UTC", "../../etc/passwd", "no time zone"),
        (DateFormat, "%d/%m/%Y", "dd/mm/yyyy", "write 31/12/2026 as %d/%m/%Y"),
        (DateFormat, "ISO8601", "", "no format of dates"),
        (Pattern, "^(Email|Name)$", "helped[", "not a regular expression"),
        (PatternWithGroup, r"_(\d{4}-\d\d-\d\d)", r"_\d{4}", "brackets must stand around the day"),
        (PatternWithGroup, "", "(", "not a regular expression"),
        (Encoding, "cp1252", "windows-latin", "no encoding"),
        (Tool, "limesurvey", "limesurvy", "no tool that Heardback knows"),
    ],
)
def test_a_value_is_taken_or_its_fault_told(kind: object, good: str, bad: str, told: str) -> None:
    adapter: TypeAdapter[str] = TypeAdapter(kind)
    assert adapter.validate_python(good) == good
    with pytest.raises(ValidationError, match=told):
        adapter.validate_python(bad)


def test_the_channels_and_tools_are_those_that_the_domain_has_words_for() -> None:
    assert set(CHANNELS.__args__) == {str(channel) for channel in words.Channel}
    assert set(TOOLS) == {str(tool) for tool in words.Tool}
