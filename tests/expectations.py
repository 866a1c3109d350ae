"""What Great Expectations says of an expectation is worked out once: it asks each of them seventy times a run."""

from typing import TYPE_CHECKING, Any

from heardback.checks import running

if TYPE_CHECKING:
    from collections.abc import Mapping

    from heardback.checks.suite import Rule

MOST_KEPT = 500


def remember_configurations() -> None:
    """From the first gate on, an expectation of this process keeps its configuration: half of a small file's gate.

    Nobody changes an expectation once it is made. Great Expectations is imported by the first gate, not for this.
    """
    hold = running._run

    def remembering(validator: Any, rules: "Mapping[int, Rule]", result_format: Any) -> list[dict[str, Any]]:
        _remember()
        running._run = hold
        return hold(validator, rules, result_format)

    running._run = remembering


def _remember() -> None:
    from great_expectations.expectations.expectation import Expectation

    made, kept = Expectation.configuration.fget, dict[int, tuple[Any, Any]]()

    def configuration(expectation: Any) -> Any:
        if id(expectation) not in kept:
            if len(kept) > MOST_KEPT:
                kept.clear()
            kept[id(expectation)] = (expectation, made(expectation))  # held, so that nobody else gets its number
        return kept[id(expectation)][1]

    Expectation.configuration = property(configuration)  # type: ignore[method-assign, assignment]
