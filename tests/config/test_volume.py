"""What a council may say of volumes: when a source is quiet, and which of its boxes are watched."""

from typing import Any

import pytest
from pydantic import ValidationError

from config.maps import SourceMap
from config.policy import VolumePolicy
from config.registers import RegisterMap
from tests.council import BOX, LOG

BAND = {"column": "box", "role": "characteristic", "code": "box", "options": ["Park", "Canal"], "values": {"P": "Park"}}


def a_box(**changes: Any) -> SourceMap:
    return SourceMap.model_validate({**BOX, "questions": [*BOX["questions"], BAND], **changes})


def test_the_boxes_that_are_watched_are_the_bands_of_the_map_each_once() -> None:
    assert a_box(quiet_by="box").boxes == ["Canal", "Park"]
    assert a_box().boxes == []


def test_a_box_that_is_no_characteristic_of_the_map_is_told() -> None:
    with pytest.raises(ValidationError, match="'quiet_by' names no characteristic of this map; there are box"):
        a_box(quiet_by="club")


def test_how_long_a_source_may_be_quiet_is_left_to_its_rhythm_unless_the_map_says() -> None:
    assert a_box().quiet_after_days is None
    assert a_box(quiet_after_days="30").quiet_after_days == 30
    with pytest.raises(ValidationError):
        a_box(quiet_after_days="0")


@pytest.mark.parametrize(
    "wrong", [{"min_gaps": 2}, {"quantile": 0}, {"quantile": 1.1}, {"times": 0.5}, {"fewer_share": 0}, {"days": 3}]
)
def test_a_rhythm_that_could_not_be_is_a_fault(wrong: dict[str, float]) -> None:
    with pytest.raises(ValidationError):
        VolumePolicy.model_validate(wrong)


def test_a_register_grows_by_files_unless_its_map_says_that_each_holds_all() -> None:
    assert RegisterMap.model_validate(LOG).mode == "append"
    assert RegisterMap.model_validate({**LOG, "mode": "snapshot"}).mode == "snapshot"
