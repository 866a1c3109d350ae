"""The maps in docs/connectors.md are maps: they can be copied and used."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from config.maps import SourceMap
from config.reading import faults_in
from heardback.sources.connectors import connection_faults, names

PAGE = (Path(__file__).parents[3] / "docs" / "connectors.md").read_text(encoding="utf-8")
BLOCKS = [yaml.load(found, yaml.BaseLoader) for found in re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)]  # noqa: S506
CONNECTED = [block for block in BLOCKS if isinstance(block, dict) and "connect" in block]


@pytest.mark.parametrize("block", CONNECTED, ids=lambda block: str(block["connect"]["to"]))
def test_a_documented_map_has_no_fault(block: dict[str, Any]) -> None:
    assert connection_faults(block["connect"]) == []
    if "source" in block:
        assert faults_in(SourceMap, block) == []


@pytest.mark.parametrize("name", sorted(set(names()) - {"files"}))
def test_a_connector_has_a_documented_map(name: str) -> None:
    assert name in [block["connect"]["to"] for block in CONNECTED]
