"""The matcher on labelled data, under the council's own policy and thesaurus where there are any."""

from pathlib import Path
from typing import Any

import config
from config.policy import Policy
from config.reading import read_model
from config.settings import from_environment
from config.thesaurus import read_thesaurus
from heardback.errors import ConfigurationError
from heardback.matching.bridges import Bridges
from heardback.matching.evaluation import Files, evaluate_files
from heardback.matching.pool import Knowledge
from tasks.knowledge import encoder_in_force
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
    policy = _policy(folder).matching
    thesaurus, faults = read_thesaurus(folder if folder.is_dir() else Path(config.__file__).parent)
    if thesaurus is None:
        raise ConfigurationError([str(fault) for fault in faults])
    encoder = encoder_in_force(policy, folder) if model else None
    encode = encoder.encode if encoder else None
    knowledge = Knowledge(Bridges.of(thesaurus), encode, encoder.name if encoder else "")
    return evaluate_files(Files(comments, changes, links, predictions), policy, knowledge, replay=replay)


def _policy(folder: Path) -> Policy:
    path = folder / "policy.yaml"
    if not path.exists():
        return Policy()
    policy, _, faults = read_model(Policy, path)
    if policy is None:
        raise ConfigurationError(faults)
    return policy
