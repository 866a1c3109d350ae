"""What a map must state before it is used."""

import pytest
from pydantic import ValidationError

from tests.sources.samples import a_source


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ({"column": "ok", "role": "consent_publish"}, "true_values"),
        ({"column": "s", "role": "completion", "values": {"x": "finished"}}, "'finished' is no completion"),
        ({"column": "w", "role": "completed_by", "values": {"x": "mum"}}, "'mum' is no completed_by"),
        ({"match": "helped[", "role": "ignore"}, "not a regular expression"),
        ({"column": "stars", "role": "rating", "code": "stars", "scale": {"1": 1}}, "direction"),
        ({"column": "a", "match": "b", "role": "ignore"}, "exactly one"),
    ],
)
def test_a_question_that_leaves_something_open_is_refused(question: dict[str, object], told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        a_source(question)


def test_identity_cannot_be_part_of_the_key() -> None:
    with pytest.raises(ValidationError, match="identity"):
        a_source({"column": "email", "role": "identity"}, natural_key=["email"])
