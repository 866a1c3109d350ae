"""The matcher on labelled data, under the council's own policy where there is one."""

from pathlib import Path
from typing import Any

from config.council import read_council
from config.policy import Policy
from config.settings import from_environment
from heardback.matching.evaluation import evaluate_files
from tasks.step import step


@step()
def evaluate_matcher(comments: Path, changes: Path, links: Path | None, predictions: Path | None) -> dict[str, Any]:
    """Figures of the matcher on files of JSON lines; without a sound configuration the default policy is taken."""
    council, _ = read_council(from_environment().config)
    policy = council.policy if council else Policy()
    return evaluate_files(comments, changes, links, policy.matching, predictions)
