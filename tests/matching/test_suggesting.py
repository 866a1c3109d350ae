"""From comments and changes to suggestions: what is found, what is never offered, and that nothing else decides it."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.policy import MatchingPolicy
from heardback.matching import ranking
from heardback.matching.decision import Band
from heardback.matching.explanation import Contribution, explain, reasons
from heardback.matching.pool import Pool
from heardback.matching.suggesting import Suggestion, match
from heardback.matching.text import stems_of, words_of
from tests.matching.register import CHANGES, COMMENTS, changes, comment, comments

POLICY = MatchingPolicy()
VOCABULARY = [
    *("reception", "cold", "wifi", "password", "letters", "page", "boxing", "coach", "worker"),
    *("same", "longer", "open", "evening", "bikes", "purple", "🙂", "not"),
]


def best(said: pd.DataFrame, done: pd.DataFrame | None = None, **others: object) -> Suggestion:
    return match(said, changes() if done is None else done, {}, POLICY, **others)[0]  # type: ignore[arg-type]


def test_the_change_in_the_same_words_is_suggested() -> None:
    found = best(comment("the reception felt cold and scary"))
    assert (found.change_uid, found.band) == ("C-1", Band.SUGGEST)


def test_a_typo_still_finds_it() -> None:
    assert best(comment("recepton felt colld")).change_uid == "C-1"


def test_every_comment_has_a_suggestion_or_an_abstention() -> None:
    found = match(comments(), changes(), {}, POLICY)
    assert {each.comment_uid for each in found} == {row[0] for row in COMMENTS}
    assert {each.comment_uid: each.change_uid for each in found} == {
        "m-1": "C-1", "m-2": "C-3", "m-3": "C-4", "m-4": None, "m-5": "C-7", "m-6": None, "m-7": None,
    }  # fmt: skip


def test_an_abstention_names_the_nearest_and_why_it_was_not_enough() -> None:
    found = best(comment("they lost my bus pass again, nobody rang back, stood an hour outside in the cold"))
    assert (found.change_uid, found.nearest, found.band) == (None, "C-1", Band.NOTHING)
    assert "nothing reaches a probability of 0.35: the nearest is C-1 with" in found.reasons[0]
    assert found.reasons[1] == "it shares too little with the comment"


def test_an_abstention_between_equals_names_the_other_that_fits_as_well() -> None:
    alike = [(f"A-{n}", "youth", "2026-03-10", "", "beanbags", "New beanbags") for n in range(6)]
    found = best(comment("more beanbags"), changes([*CHANGES, *alike]))
    assert (found.change_uid, found.nearest) == (None, "A-0")
    assert found.reasons[1] == "A-1 fits the comment about as well"


def test_among_equals_the_earlier_change_goes_first_and_then_the_lower_uid() -> None:
    alike = [(f"A-{n:02}", "youth", "2026-03-10", "", "beanbags" * (n > 56), "New beanbags") for n in range(60)]
    pool = ranking.prepare(comment("beanbags"), changes(alike[::-1]), {}, ranking.Window.of(POLICY))
    (places,) = ranking.rank(pool).changes
    assert [pool.change_uids[place] for place in places] == ["A-57", "A-58", "A-59", "A-00", "A-01", "A-02"]


def test_a_change_before_the_comment_is_never_offered() -> None:
    assert best(comment("the reception felt cold", "2026-03-11")).change_uid is None
    assert best(comment("the reception felt cold", "2026-03-10")).change_uid == "C-1"


def test_a_change_after_the_window_is_never_offered() -> None:
    said = comment("the reception felt cold", "2026-01-01")
    assert [match(said, changes(), {}, MatchingPolicy(window_days=days))[0].change_uid for days in (67, 68)] == [
        None,
        "C-1",
    ]


def test_a_change_without_a_date_is_never_offered() -> None:
    assert best(comment("boxing on wednesdays with the boxing coach")).change_uid is None


def test_a_comment_without_a_date_is_offered_nothing_and_told_why() -> None:
    found = best(comment("the reception felt cold", None))
    assert found.reasons == ["the comment has no date, so no change can be said to come after it"]


def test_a_comment_that_shares_nothing_with_any_change_is_offered_none_however_soon_it_came() -> None:
    found = best(comment("zanzibar quokka", "2026-03-10"), changes(CHANGES[:1]))
    assert (found.change_uid, found.nearest, found.score) == (None, None, 0)
    assert found.reasons == [
        "none of the 1 changes in the window shares anything with the comment, or all were refused"
    ]


def test_a_comment_with_no_change_after_it_is_told_so() -> None:
    found = best(comment("the reception felt cold", "2026-11-01"))
    assert found.reasons == ["no change lies in the window of 365 days after the comment"]


def test_a_refused_pair_is_not_offered_again_and_the_next_best_is_tried() -> None:
    said = comment("the reception felt cold")
    assert best(said, rejected=[("m-0", "C-1"), ("m-0", "gone"), ("other", "C-1")]).nearest != "C-1"
    only = changes(CHANGES[:1])
    assert best(said, only, rejected={("m-0", "C-1")}).change_uid is None


def test_another_services_change_is_weaker_but_not_walled_off() -> None:
    text = "the reception felt cold and scary, warm sofas please"
    own, foreign = (best(comment(text, service=service)) for service in ("youth", "police"))
    assert own.change_uid == foreign.change_uid == "C-1"
    assert foreign.probability < own.probability
    assert own.score - foreign.score == pytest.approx(0.32, abs=1e-6)


def test_a_relative_stands_nearer_than_a_stranger() -> None:
    said = comment("the reception felt cold", service="yjs")
    (kin, *_), (stranger, *_) = (match(said, changes(), kin, POLICY) for kin in ({"youth": ["yjs"]}, {}))
    assert kin.score - stranger.score == pytest.approx(0.26, abs=1e-6)


def test_the_contributions_add_up_to_the_score() -> None:
    for found in match(comments(), changes(), {"youth": ["cla"]}, POLICY):
        assert sum(part.value for part in found.contributions) == pytest.approx(found.score, abs=1e-8)


def test_reasons_name_the_shared_words_as_the_change_writes_them() -> None:
    found = best(comment("recepton needs repainting, it feels colder"))
    assert "repainted" in found.reasons[0]
    assert "repainting" not in " ".join(found.reasons)
    assert "37 days after the comment -0.010" in found.reasons
    assert "the same service +0.000" in found.reasons


def test_no_more_than_the_policys_number_of_candidates_is_offered() -> None:
    generous = MatchingPolicy(ask_at=0.001, suggest_at=0.9, candidates=2)
    found = match(comment("reception letters open worker"), changes(), {}, generous)
    assert [each.band for each in found] == [Band.ASK, Band.ASK]
    assert found[0].score >= found[1].score


@pytest.mark.parametrize(
    "text",
    [
        "",
        "🙂" * 400,
        "x" * 30_000,
        "reception " * 3_000,
        "<script>alert(1)</script>",
        "<" * 5_000,
        "\x00\ufeff\u202e",
        "{{7*7}} %s {0}",
    ],
)
def test_hostile_texts_break_nothing(text: str) -> None:
    found = match(comment(text), changes([*CHANGES, ("C-9", "youth", "2026-03-10", text, text, text)]), {}, POLICY)
    assert {each.comment_uid for each in found} == {"m-0"}


def test_without_comments_or_without_changes_there_is_no_suggestion() -> None:
    assert match(comments([]), changes(), {}, POLICY) == []
    assert [each.change_uid for each in match(comments(), changes([]), {}, POLICY)] == [None] * len(COMMENTS)


def test_an_unrelated_change_moves_no_other_pairs_reasons() -> None:
    before = ranking.prepare(comments(), changes(), {}, ranking.Window.of(POLICY))
    unrelated = ("C-0", "youth", "2026-02-20", "Minibus", "", "A minibus was bought for " + "outings " * 200)
    assert not set(words_of(unrelated[-1])) & {
        word for row in CHANGES for word in words_of(" ".join(map(str, row[3:])))
    }
    after = ranking.prepare(comments(), changes([*CHANGES, unrelated]), {}, ranking.Window.of(POLICY))
    said = [
        {
            (pool.comment_uids[place], change): reasons(parts)
            for place, rank_, parts in with_parts(pool)
            if (change := pool.change_uids[ranking.rank(pool).changes[place, rank_]]) != "C-0"
        }
        for pool in (before, after)
    ]
    assert len(said[1]) > 10
    assert {pair: said[0][pair] for pair in said[1]} == said[1]


def with_parts(pool: Pool) -> list[tuple[int, int, tuple[Contribution, ...]]]:
    ranked = ranking.rank(pool)
    places, ranks = np.nonzero(ranked.changes >= 0)
    return list(zip(places, ranks, explain(pool, ranked, places, ranks), strict=True))


texts = st.lists(st.sampled_from(VOCABULARY), max_size=8).map(" ".join)
days = st.sampled_from([None, "2026-01-01", "2026-02-01", "2026-02-02", "2026-09-01", "2027-03-01"])
services = st.sampled_from(["youth", "family", "police", "", "all"])
said_rows = st.lists(st.tuples(services, days, texts), min_size=1, max_size=8)
done_rows = st.lists(st.tuples(services, days, texts, texts, texts), min_size=1, max_size=10)


@settings(max_examples=30, deadline=None)
@given(said_rows, done_rows, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_decides_nothing(said: list, done: list, dice) -> None:  # type: ignore[no-untyped-def, type-arg]
    said = [(f"m-{number}", *row) for number, row in enumerate(said)]
    done = [(f"C-{number}", *row) for number, row in enumerate(done)]
    first = match(comments(said), changes(done), {}, POLICY)
    dice.shuffle(said)
    dice.shuffle(done)
    assert match(comments(said), changes(done), {}, POLICY) == first


@settings(max_examples=30, deadline=None)
@given(said_rows, done_rows)
def test_whatever_is_offered_lies_in_the_window_and_adds_up_and_keeps_quiet(said: list, done: list) -> None:  # type: ignore[type-arg]
    said = [(f"m-{number}", *row) for number, row in enumerate(said)]
    done = [(f"C-{number}", *row) for number, row in enumerate(done)]
    heard, changed = {row[0]: row for row in said}, {row[0]: row for row in done}
    for found in match(comments(said), changes(done), {}, POLICY):
        assert sum(part.value for part in found.contributions) == pytest.approx(found.score, abs=1e-8)
        if (change := found.change_uid or found.nearest) is None:
            continue
        wait = pd.Timestamp(changed[change][2]) - pd.Timestamp(heard[found.comment_uid][2])
        assert 0 <= wait.days <= POLICY.window_days
        own_words = set(words_of(" ".join(changed[change][3:])))
        assert {part.label for part in found.contributions if part.kind == "word"} <= own_words


def test_chunks_do_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = match(comments(), changes(), {}, POLICY)
    monkeypatch.setattr(ranking, "CELLS", 1)
    assert match(comments(), changes(), {}, POLICY) == whole


def test_words_that_only_the_comment_has_are_in_no_reason() -> None:
    said = "zanzibar reception quokka felt cold, my name is Tamsin Okonkwo"
    everything = " ".join(" ".join(found.reasons) for found in match(comment(said), changes(), {}, POLICY))
    for word in ("zanzibar", "quokka", "tamsin", "okonkwo", *stems_of(["zanzibar", "quokka"])):
        assert word not in everything.lower()


@pytest.mark.parametrize("seed", range(2))
def test_of_many_changes_the_same_ones_are_found_whatever_else_is_in_the_batch(
    monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    """By words of many changes only the nearest few are weighed: those of the comment's own window."""
    monkeypatch.setattr(ranking, "EVERY_CHANGE", 10)
    monkeypatch.setattr(ranking, "NEAREST", 8)
    dice = np.random.default_rng(seed)
    days = [f"2026-{month:02}-{day:02}" for month in range(1, 11) for day in (3, 14, 26)]
    done = changes([(f"C-{n:03}", "youth", str(dice.choice(days)), "", "", _some(dice)) for n in range(60)])
    said = comments([(f"m-{n:02}", "youth", str(dice.choice(days)), _some(dice)) for n in range(25)])
    together, window = ranking.prepare(said, done, {}, ranking.Window(0, 120)), ranking.Window(0, 120)
    every = ranking.rank(together)
    for place, uid in enumerate(together.comment_uids):
        alone = ranking.rank(ranking.prepare(said[said["comment_uid"] == uid], done, {}, window))
        assert alone.changes[0].tolist() == every.changes[place].tolist()
        assert alone.scores[0].tolist() == every.scores[place].tolist()


def _some(dice: np.random.Generator) -> str:
    return " ".join(dice.choice([*VOCABULARY, "shower", "garden", "bus", "phone"], 6))
