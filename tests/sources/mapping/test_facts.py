"""Service, consent, completion, who held the pen, language and bands."""

from heardback.domain.record import Mapped
from tests.sources.samples import a_source, mapped

SERVICE = {"column": "service", "role": "service", "values": {"Northgate": "hub"}}
CONSENT = {"column": "ok", "role": "consent_publish", "true_values": ["Yes"], "false_values": ["No"]}


def fact(found: Mapped, column: str) -> list[object]:
    return found.responses[column].to_list()


def notes(found: Mapped) -> list[tuple[str, int | None]]:
    return [(note.code, note.row_number) for note in found.notes]


def test_a_service_is_known_by_the_maps_word_its_code_or_its_name() -> None:
    text = "id,service,improve\n1,NORTHGATE,a\n2,yjs,a\n3,the  hub Service,a\n4,Elsewhere,a\n5,,a\n"
    found = mapped(text, a_source(SERVICE, service=""))
    assert fact(found, "service_code") == ["hub", "yjs", "hub", "unmapped", "unmapped"]
    assert notes(found) == [("unknown_service", 5)]


def test_a_blank_service_is_the_sources_own_and_an_unknown_one_never_is() -> None:
    found = mapped("id,service,improve\n1,,a\n2,Elsewhere,a\n", a_source(SERVICE))
    assert fact(found, "service_code") == ["yjs", "unmapped"]


def test_a_second_service_column_helps_where_the_first_says_nothing_known() -> None:
    found = mapped(
        "id,service,other,improve\n1,Other,hub,a\n", a_source(SERVICE, {"column": "other", "role": "service"})
    )
    assert fact(found, "service_code") == ["hub"]


def test_consent_is_yes_only_where_it_was_given() -> None:
    found = mapped("id,ok,improve\n1,yes,a\n2,NO,a\n3,,a\n4,perhaps,a\n", a_source(CONSENT))
    assert fact(found, "consent_to_publish") == ["yes", "no", "not_asked", "not_asked"]
    assert notes(found) == [("unknown_consent", 5)]


def test_without_stated_refusals_anything_but_a_yes_is_a_no() -> None:
    found = mapped("id,ok,improve\n1,Yes,a\n2,perhaps,a\n3,,a\n", a_source({**CONSENT, "false_values": []}))
    assert fact(found, "consent_to_publish") == ["yes", "no", "not_asked"]


def test_two_consents_must_both_be_yes() -> None:
    second = {**CONSENT, "column": "public"}
    text = "id,ok,public,improve\n1,Yes,Yes,a\n2,Yes,No,a\n3,Yes,,a\n4,,No,a\n"
    found = mapped(text, a_source(CONSENT, second))
    assert fact(found, "consent_to_publish") == ["yes", "no", "not_asked", "no"]


def test_a_consent_column_that_is_missing_means_not_asked() -> None:
    assert fact(mapped("id,improve\n1,a\n", a_source(CONSENT)), "consent_to_publish") == ["not_asked"]


def test_the_worst_of_several_completions_counts() -> None:
    status = {"column": "status", "role": "completion", "values": {"Done": "complete", "Part": "partial"}}
    testing = {"column": "test", "role": "completion", "values": {"1": "test", "0": "complete"}}
    text = "id,status,test,improve\n1,Done,0,a\n2,Part,0,a\n3,Part,1,a\n4,Done,1,a\n5,Odd,0,a\n"
    found = mapped(text, a_source(status, testing))
    assert fact(found, "completion") == ["complete", "partial", "test", "test", "complete"]
    assert notes(found) == [("unknown_completion", 6)]


def test_a_map_may_say_what_a_blank_and_anything_else_mean() -> None:
    sent = {"column": "sent", "role": "completion", "values": {"": "partial", "*": "complete"}}
    assert fact(mapped("id,sent,improve\n1,,a\n2,18/06/2026,a\n", a_source(sent)), "completion") == [
        "partial", "complete",
    ]  # fmt: skip


def test_who_held_the_pen_is_the_sources_word_unless_a_column_says() -> None:
    pen = {"column": "who", "role": "completed_by", "values": {"My advocate": "with_help", "Me": "self"}}
    found = mapped("id,who,improve\n1,me,a\n2,My advocate,a\n3,,a\n", a_source(pen, completed_by="on_behalf"))
    assert fact(found, "completed_by") == ["self", "with_help", "on_behalf"]


def test_a_language_is_a_tag_or_the_maps_word_for_one() -> None:
    language = {"column": "lang", "role": "language", "values": {"Polski": "pl"}}
    found = mapped("id,lang,improve\n1,cy,a\n2,polski,a\n3,,a\n4,en-GB,a\n5,Something else,a\n", a_source(language))
    assert fact(found, "language") == ["cy", "pl", "en", "en-GB", "en"]
    assert notes(found) == [("unknown_language", 6)]


def test_bands_are_those_of_the_map_and_never_free_text() -> None:
    age = {
        "column": "age",
        "role": "characteristic",
        "code": "age_band",
        "values": {"13": "11-13"},
        "options": ["14-16"],
    }
    found = mapped("id,age,improve\n1,13,a\n2,14-16,a\n3,canary street 4,a\n4,,a\n", a_source(age))
    assert fact(found, "characteristics") == [{"age_band": "11-13"}, {"age_band": "14-16"}, {}, {}]
    assert notes(found) == [("unknown_band", 4)]


def test_a_number_goes_into_the_band_that_the_map_draws_around_it() -> None:
    question = {"column": "age", "role": "characteristic", "code": "age_band", "bands": ["10-13", "14-17", "18+"]}
    found = mapped("id,age,improve\n1,13,\n2,14.0,\n3,40,\n4,9,\n5,14-17,\n6,canary,\n7,,x\n", a_source(question))
    bands = ["10-13", "14-17", "18+", None, "14-17", None, None]
    assert fact(found, "characteristics") == [{"age_band": band} if band else {} for band in bands]
    assert notes(found) == [("unknown_band", 5)]


def test_a_sheet_may_say_what_could_not_be_read() -> None:
    unread = {"column": "unread", "role": "illegible", "true_values": ["Y"]}
    assert notes(mapped("id,unread,improve\n1,N,a\n2,y,b\n", a_source(unread))) == [("illegible", 3)]
