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
        (DateFormat, "%G-W%V", "Week %V", "a week needs its year"),
        (DateFormat, "%d/%m/%Y %H:%M %z", "%d/%m/%Y %H:%M %Z", "name of a zone is not read"),
        (DateFormat, "%d/%m/%Y %I:%M %p", "%d/%m/%Y %I:%M", "%I counts to twelve"),
        (DateFormat, "%A", "%A %d", "tells no month"),
        (DateFormat, "%Y-%W", "%d/%m/%Y %s", "'s' is a bad directive"),
        (DateFormat, "%d %B", "%d/%m/%d", "a sign stands in it twice"),
        (DateFormat, "%A %d %B", "%d %B %s", r"'s' is a bad directive(?! in)"),
        (DateFormat, "%G-W%V-%u", "%d %B %", r"stray %(?! in)"),
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
