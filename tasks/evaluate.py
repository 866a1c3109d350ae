"""The matcher on labelled data, under the council's own policy where there is one."""

from pathlib import Path
from typing import Any

from config.policy import Policy
from config.reading import read_model
from config.settings import from_environment
from heardback.errors import ConfigurationError
from heardback.matching.evaluation import evaluate_files
from tasks.step import step


@step()
def evaluate_matcher(comments: Path, changes: Path, links: Path | None, predictions: Path | None) -> dict[str, Any]:
    """Figures of the matcher on files of JSON lines, under policy.yaml, or the default policy where there is none.

    Raises Unreadable with file and line where a file is not as it should be, ConfigurationError where the policy is.
    """
    return evaluate_files(comments, changes, links, _policy().matching, predictions)


def _policy() -> Policy:
    path = from_environment().config / "policy.yaml"
    if not path.exists():
        return Policy()
    policy, _, faults = read_model(Policy, path)
    if policy is None:
        raise ConfigurationError(faults)
    return policy
