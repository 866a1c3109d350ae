"""Words for the thesaurus, proposed from the answers that people have confirmed."""

from collections.abc import Mapping
from typing import Any

from flows.commands.options import AsJson, At, By, now
from flows.showing import in_columns, show, some

PROPOSED = {
    "word": "people say",
    "kind": "it may belong to",
    "target": "",
    "voices": "voices",
    "lift": "times as often",
}


def suggest_words(by: By, as_json: AsJson = False, at: At = None) -> None:
    """Propose words for the thesaurus: said by three people or more where the answer uses other words."""
    from tasks.suggest_words import suggest_thesaurus_words

    found = suggest_thesaurus_words(by, now(at))
    show(found, as_json, _lines(found))


def _lines(found: Mapping[str, Any]) -> list[str]:
    read = f"{some(found['answers'], 'confirmed answer')} read"
    if not found["words"]:
        return [f"{read}: no word to propose yet"]
    rows = [{**word, "kind": f"the {word['kind']}"} for word in found["words"]]
    return [f"{read}; add to thesaurus.yaml what is right", "", *in_columns(rows, PROPOSED)]
