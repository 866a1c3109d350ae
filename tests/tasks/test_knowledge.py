"""Vectors are kept with their owner, sealed where words are, and go with the words; what people judge is learned."""

from datetime import datetime, timedelta

import numpy as np
import pandas as pd
import pytest
from cryptography.fernet import Fernet
from sqlalchemy import select, text, update

from config.policy import MatchingPolicy
from heardback.matching.decision import FEATURES, Judgement
from heardback.matching.encoder import open_encoder
from heardback.store import Comment, LearnedJudgement, Loop, Match, Meaning, Response
from heardback.store.meanings import Kept, keep_meanings
from heardback.store.retention import forget_comments
from heardback.store.rotation import rotate
from heardback.store.sealing import Seal, lend
from heardback.store.session import reading, transaction
from heardback.store.waiting import changes_to_match
from tasks.erase import erase_response
from tasks.knowledge import in_force, knowledge_of, learn_anew
from tasks.match import match_new
from tasks.workplace import open_workplace
from tests.council import change_row, exit_row
from tests.desk import Desk
from tests.factories import NOW
from tests.ready_made import ReadyMade

pytestmark = pytest.mark.usefixtures("quick_gate")
GRIM = "The front desk area is grim, looks like a police station"
PAINT = {"Title": "Reception repainted", "You said": "Reception felt cold", "Date": "2026-10-01"}


def two_comments_and_a_change(desk: Desk) -> None:
    """Two comments and a change, matched once."""
    desk.pull(exit_row(1, GRIM), exit_row(2, "Serve halal pizza at the Friday club"))
    desk.pull(change_row(1, "We painted the reception in warm colours.", **PAINT), feed="log")
    match_new(NOW)


@pytest.fixture
def matched(sqlite_desk: Desk, ready_made: ReadyMade) -> Desk:
    return ready_made.fill(sqlite_desk, two_comments_and_a_change)


def owners(desk: Desk) -> set[str]:
    return set(desk.ask(select(Meaning.owner_uid)))


def comment_of(desk: Desk, words: str) -> str:
    (comment_uid,) = desk.ask(select(Comment.comment_uid).where(Comment.text == words))
    return comment_uid


def test_a_comment_in_other_words_is_offered_its_change_and_says_why(matched: Desk) -> None:
    with reading(matched.store) as session:
        found = session.scalars(select(Match)).first()
        assert found is not None
        assert (found.change_uid, found.matcher, len(found.features)) == ("log:1", "meaning-3", len(FEATURES))
        assert any(line.startswith("alike in meaning, nearest: ") for line in found.reasons)
        (bridges,) = [line for line in found.reasons if line.startswith("both speak of: ")]
        assert "reception +" in bridges
        assert not {"grim", "police", "desk"} & set(" ".join(found.reasons).lower().split())


def test_every_comment_and_change_has_its_vectors_and_a_second_run_encodes_nothing(
    matched: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert owners(matched) == {
        comment_of(matched, GRIM), comment_of(matched, "Serve halal pizza at the Friday club"), "log:1",
    }  # fmt: skip
    monkeypatch.delattr("heardback.matching.encoder.MiniLM.encode")
    with transaction(matched.store) as session:
        session.execute(update(Loop).values(matched_at=None))
    assert match_new(NOW + timedelta(hours=1)).comments == 2


def test_before_the_first_change_nothing_is_encoded_and_with_it_all_that_waits_is(sqlite_desk: Desk) -> None:
    sqlite_desk.pull(exit_row(1, GRIM))
    assert match_new(NOW).comments == 1
    assert owners(sqlite_desk) == set()
    sqlite_desk.pull(change_row(1, "We painted the reception in warm colours.", **PAINT), feed="log")
    match_new(NOW + timedelta(hours=1))
    assert owners(sqlite_desk) == {comment_of(sqlite_desk, GRIM), "log:1"}


def test_kept_vectors_say_the_same_as_new_ones(matched: Desk) -> None:
    said, changes = matched_comments(matched), changes_of(matched)
    with open_workplace() as work:
        kept = knowledge_of(work, said, changes).encode
        with transaction(matched.store) as session:
            session.query(Meaning).delete()
        new = knowledge_of(work, said, changes).encode
    assert kept is not None
    assert new is not None
    np.testing.assert_array_equal(kept([GRIM]), new([GRIM]))


def test_an_edited_change_is_encoded_anew_and_its_old_vectors_go(matched: Desk) -> None:
    encoder, before = open_encoder(), text_hash_of(matched, "log:1")
    assert encoder is not None
    edited = {**PAINT, "You said": "Buses never come"}
    matched.pull(change_row(1, "There is a night bus.", **edited), feed="log", name="export-2.csv")
    match_new(NOW + timedelta(hours=1))
    assert text_hash_of(matched, "log:1") != before
    with open_workplace() as work:
        kept = knowledge_of(work, matched_comments(matched), changes_of(matched)).encode
    assert kept is not None
    for words in ("There is a night bus.", "Buses never come"):
        np.testing.assert_allclose(kept([words]), encoder.encode([words]), atol=1e-3)


def text_hash_of(desk: Desk, owner_uid: str) -> str:
    with reading(desk.store) as session:
        return session.scalars(select(Meaning.text_hash).where(Meaning.owner_uid == owner_uid)).one()


def test_vectors_of_another_model_are_not_taken_for_this_ones(matched: Desk) -> None:
    encoder = open_encoder()
    assert encoder is not None
    with transaction(matched.store) as session:
        for row in session.scalars(select(Meaning)).all():
            row.model, row.vectors = "another", bytes(len(row.vectors))
    with open_workplace() as work:
        kept = knowledge_of(work, matched_comments(matched), changes_of(matched)).encode
    assert kept is not None
    np.testing.assert_allclose(kept([GRIM]), encoder.encode([GRIM]), atol=1e-3)


def matched_comments(desk: Desk) -> pd.DataFrame:
    return pd.DataFrame([(comment_of(desk, GRIM), GRIM)], columns=["comment_uid", "text"])


def changes_of(desk: Desk) -> pd.DataFrame:
    with reading(desk.store) as session:
        return changes_to_match(session)


def test_who_is_erased_leaves_no_vector_and_the_others_keep_theirs(matched: Desk) -> None:
    gone, left = comment_of(matched, GRIM), comment_of(matched, "Serve halal pizza at the Friday club")
    with reading(matched.store) as session:
        response = session.scalars(select(Response.response_uid).where(Response.source_record_id == "1")).one()
    erase_response(response, "ruth", NOW, "the young person asked")
    assert owners(matched) == {left, "log:1"}
    assert gone not in owners(matched)


def test_what_is_forgotten_by_the_clock_loses_its_vectors(matched: Desk) -> None:
    with transaction(matched.store) as session:
        forget_comments(session, [comment_of(matched, GRIM)])
    assert comment_of(matched, "Serve halal pizza at the Friday club") in owners(matched)
    assert len(owners(matched)) == 2


def test_a_run_that_encoded_before_an_erasure_keeps_nothing_after_it(matched: Desk) -> None:
    uid = comment_of(matched, GRIM)
    with transaction(matched.store) as session:
        forget_comments(session, [uid])
    with transaction(matched.store) as session:
        assert keep_meanings(session, "all-MiniLM-L6-v2", {uid: Kept("hash", b"vectors")}) == 0
    assert uid not in owners(matched)


def test_vectors_are_sealed_with_the_words_and_made_anew_for_another_key(matched: Desk) -> None:
    seal = Seal.of(Fernet.generate_key().decode())
    rotate(matched.store, seal, matched.folder / "raw")
    assert owners(matched) == set()
    lend(matched.store, seal)
    with transaction(matched.store) as session:
        keep_meanings(session, "m", {"log:1": Kept("hash", b"plain vectors")})
        assert b"plain vectors" not in session.execute(text("SELECT vectors FROM meaning")).scalar_one()
        assert session.scalars(select(Meaning.vectors)).one() == b"plain vectors"
    lend(matched.store, None)


@pytest.fixture
def sixty(matched: Desk) -> Desk:
    """The same council with sixty more loops and a second change, and nothing suggested yet."""
    asks = [f"Ask {number} about zebras" for number in range(3, 63)]
    matched.pull(*(exit_row(number, ask) for number, ask in enumerate([GRIM, "Serve halal pizza", *asks], start=1)))
    matched.pull(change_row(1, **PAINT), change_row(2, **PAINT), feed="log", name="export-2.csv")
    with transaction(matched.store) as session:
        session.query(Match).delete()
    return matched


def judge_sixty(desk: Desk, change: str, at: datetime, *, right: float, wrong: float) -> None:
    """Half of them right; the features of what is right and of what is wrong lie around these numbers."""
    dice, matcher = np.random.default_rng(3), Judgement.by_hand(with_meaning=True).version
    with transaction(desk.store) as session:
        loops = session.scalars(select(Loop.loop_uid).order_by(Loop.loop_uid)).all()[-60:]
        for number, loop in enumerate(loops):
            seen = (wrong if number % 2 else right) + 0.05 * dice.standard_normal(len(FEATURES))
            session.add(
                Match(
                    loop_uid=loop, change_uid=change, comment_uid="", probability=0.5, score=0.5, band="ask",
                    reasons=[], matcher=matcher, standing="rejected" if number % 2 else "confirmed", proposed_at=at,
                    judged_by="ruth", judged_at=at, features=[float(each) for each in seen],
                )
            )  # fmt: skip


def test_sixty_judgements_make_a_new_version(sixty: Desk) -> None:
    judge_sixty(sixty, "log:1", NOW, right=0.9, wrong=0.2)
    with open_workplace() as work:
        learned = learn_anew(work, NOW)
        assert learned is not None
        assert learned.version == "meaning-3-learned-60"
        assert learn_anew(work, NOW) is None  # nothing was judged since
        assert knowledge_of(work, matched_comments(sixty), changes_of(sixty)).judgement == learned
    with reading(sixty.store) as session:
        kept = session.scalars(select(LearnedJudgement)).one()
        assert kept.loss_after < kept.loss_before


def test_weights_of_an_earlier_matcher_are_not_taken_for_this_ones(matched: Desk) -> None:
    row = LearnedJudgement(
        version="meaning-1-learned-60", model="all-MiniLM-L6-v2", weights=[1.0], constant=0.0, judged=60,
        loss_before=1.0, loss_after=0.5, made_at=NOW,
    )  # fmt: skip
    with transaction(matched.store) as session:
        session.add(row)
    with open_workplace() as work:
        assert knowledge_of(work, matched_comments(matched), changes_of(matched)).judgement is None


def test_what_was_refused_is_known_of_its_change_and_what_was_confirmed_is_not(matched: Desk) -> None:
    for standing in ("rejected", "confirmed"):
        with transaction(matched.store) as session:
            session.execute(update(Match).values(standing=standing, judged_by="ruth", judged_at=NOW))
        with open_workplace() as work:
            refused = knowledge_of(work, matched_comments(matched), changes_of(matched)).refused
        assert refused["change_uid"].tolist() == ["log:1"] * (standing == "rejected")


def test_the_older_version_stays_beside_the_newer_which_is_in_force(sixty: Desk) -> None:
    """The next sixty say the opposite, so that what was learned from the first does worse on them than a new fit."""
    later = NOW + timedelta(hours=1)
    with open_workplace() as work:
        judge_sixty(sixty, "log:1", NOW, right=0.9, wrong=0.2)
        first = learn_anew(work, NOW)
        judge_sixty(sixty, "log:2", later, right=0.2, wrong=0.9)
        second = learn_anew(work, later)
        assert first is not None
        assert second is not None
        assert knowledge_of(work, matched_comments(sixty), changes_of(sixty)).judgement == second
    with reading(sixty.store) as session:
        kept = {row.version: tuple(row.weights) for row in session.scalars(select(LearnedJudgement))}
        assert kept == {first.version: first.weights, second.version: second.weights}
        assert set(kept) == {"meaning-3-learned-60", "meaning-3-learned-120"}


def test_check_says_which_matcher_is_in_force(matched: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = matched.folder
    assert in_force(MatchingPolicy(), folder) == "matching is by words and meaning (all-MiniLM-L6-v2, in model)"
    assert "model.safetensors is not there" in in_force(MatchingPolicy(model="elsewhere"), folder)
    monkeypatch.setattr("heardback.matching.encoder.PACKAGE", "no_such_package")
    assert in_force(MatchingPolicy(), folder).startswith("matching is by words; the sentence encoder is not installed")
