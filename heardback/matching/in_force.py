"""The matcher as a council's configuration sets it: the policy's thresholds, the thesaurus, the sentence encoder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import config
from config.policy import MatchingPolicy, Policy
from config.reading import read_model
from config.thesaurus import read_thesaurus
from heardback.errors import ConfigurationError
from heardback.matching.bridges import Bridges
from heardback.matching.encoder import MiniLM, open_encoder
from heardback.matching.evaluation import Files, evaluate_files
from heardback.matching.register import Knowledge

if TYPE_CHECKING:
    from heardback.matching.scorecard import Figures

SHIPPED = Path(config.__file__).parent


def configured(folder: Path | str = SHIPPED, *, model: bool = True) -> tuple[MatchingPolicy, Knowledge]:
    """What `match` goes by under a folder of configuration; what is not there is as Heardback ships it.

    Without `model`, words alone decide. Raises ConfigurationError, with file and line, where the policy or the
    thesaurus is not as it should be, or a model is named that is not there.
    """
    folder = Path(folder)
    policy = _policy(folder).matching
    thesaurus, faults = read_thesaurus(folder if folder.is_dir() else SHIPPED)
    if thesaurus is None:
        raise ConfigurationError([str(fault) for fault in faults])
    encoder = encoder_in_force(policy, folder) if model else None
    encode, name = (encoder.encode, encoder.name) if encoder else (None, "")
    return policy, Knowledge(Bridges.of(thesaurus), encode, name)


def evaluate(
    comments: Path | str,
    changes: Path | str,
    links: Path | str | None = None,
    predictions: Path | str | None = None,
    *,
    replay: bool = False,
    model: bool = True,
    folder: Path | str = SHIPPED,
) -> Figures:
    """What `heardback match evaluate` prints with --json, from files of JSON lines, under a folder of configuration.

    Raises Unreadable with file and line where a file is not as it should be, and what `configured` raises.
    """
    files = Files(
        Path(comments), Path(changes), Path(links) if links else None, Path(predictions) if predictions else None
    )
    return evaluate_files(files, *configured(folder, model=model), replay=replay)


def encoder_in_force(policy: MatchingPolicy, folder: Path) -> MiniLM | None:
    """The council's own model, the installed one, or None. Raises ConfigurationError where a named folder lacks it."""
    return open_encoder(folder / policy.model if policy.model else None)


def _policy(folder: Path) -> Policy:
    path = folder / "policy.yaml"
    if not path.exists():
        return Policy()
    policy, _, faults = read_model(Policy, path)
    if policy is None:
        raise ConfigurationError(faults)
    return policy
