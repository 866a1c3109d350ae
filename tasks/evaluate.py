"""The matcher on labelled data, under the council's own policy and thesaurus where there are any."""

from pathlib import Path
from typing import Any

from config.settings import from_environment
from heardback.matching.in_force import evaluate
from tasks.step import step


@step()
def evaluate_matcher(
    comments: Path,
    changes: Path,
    links: Path | None = None,
    predictions: Path | None = None,
    *,
    replay: bool = False,
    model: bool = True,
) -> dict[str, Any]:
    """Figures of the matcher on files of JSON lines, under policy.yaml, or the default policy where there is none.

    Without `model`, words alone decide. Raises Unreadable with file and line where a file is not as it should be,
    ConfigurationError where the policy or the thesaurus is.
    """
    folder = from_environment().config
    return evaluate(comments, changes, links, predictions, replay=replay, model=model, folder=folder)
