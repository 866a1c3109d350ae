"""Numbers that belong to one person, in every way that they are written; figures that belong to nobody are left."""

import pytest

from heardback.domain.identifying.births import find_birth_dates
from heardback.domain.identifying.numbers import (
    check_digit,
    find_cars,
    find_nhs_numbers,
    find_ni_numbers,
    find_phones,
    find_references,
)
from heardback.domain.identifying.places import find_postcodes

PHONES = (
    "01632 double 9 60 14", "07700 / 900 / 118",
    "07700 900142", "07700900142", "+44 7700 900771", "+44 (0) 7700 900 456", "0044 7700 900 902", "020 7946 0284",
    "(020) 7946 0119", "(0161) 496 0777", "07700.900.655", "07700-900-224", "07700/900/133", "0 77 00 90 04 11",
    "O77OO 9OO457", "7700 900613", "+48 500 100 200", "+353 20 915 0044", "0113-496-0000",
    "oh seven seven double oh nine double oh one two six",
)  # fmt: skip
NO_PHONES = (
    "it costs 1000000", "0.07700900", "£07700900123", "from 0900 to 1730", "on 12/03/2024 at 10.30", "5 6 7 8 9",
    "01.02.2012 10.15", "one two three four five six seven", "+1 2", "room 07", "2 out of 10, 20 of us",
)  # fmt: skip
BIRTHS = {
    "born on the ninth of may two thousand and twelve": "the ninth of may two thousand and twelve",
    "im 12 on the third of march": "the third of march", "birth date twenty first of june": "twenty first of june",
    "dob 14/02/2012": "14/02/2012", "born on 22 July 2008": "22 July 2008", "i was born 9.6.13": "9.6.13",
    "D.O.B: 01-12-2009": "01-12-2009", "my birthday is 27 March": "27 March", "born 2014-05-19": "2014-05-19",
    "i turn 18 on 9 January": "9 January", "bday on the 5th of may": "the 5th of may", "dob 04052009": "04052009",
    "date of birth (13 August 2017)": "13 August 2017", "born 12th Dec '08": "12th Dec '08",
    "5/5/2011 it says": "5/5/2011",
}  # fmt: skip
NO_BIRTHS = (
    "the third of march was fun", "she came second in may",
    "i am 9", "born in 2010", "my birthday was fun", "on 3rd March you promised", "the meeting of 3/9/2026",
    "aged 11-16", "by 31 December 2025", "13th birthday party", "since 3 May 2012 we had",
)  # fmt: skip


def texts(found: object, text: str) -> list[str]:
    return [text[start:end] for start, end in found]  # type: ignore[attr-defined]


@pytest.mark.parametrize("number", PHONES)
def test_a_phone_number_is_found_whole_however_it_is_written(number: str) -> None:
    text = f"ring me, {number}, please"
    assert number in texts(find_phones(text), text)


@pytest.mark.parametrize("text", NO_PHONES)
def test_times_prices_and_counts_are_no_phone_numbers(text: str) -> None:
    assert texts(find_phones(text), text) == []


@pytest.mark.parametrize("said", ["ring 633 4021", "her number is 633402", "tel: 7946 0284"])
def test_a_number_without_its_area_is_one_after_words_that_say_so(said: str) -> None:
    assert texts(find_phones(said), said) == [said.lstrip("abcdefghijklmnopqrstuvwxyz: ")]


def test_a_foreign_number_must_be_possible() -> None:
    text = "+999 123456 or +48 500 100 200"
    assert texts(find_phones(text), text) == ["+48 500 100 200"]


@pytest.mark.parametrize(("said", "day"), BIRTHS.items())
def test_a_day_of_birth_is_found_whole(said: str, day: str) -> None:
    assert texts(find_birth_dates(said), said)[0] == day


def test_a_day_of_any_year_too_long_ago_for_anything_else_is_one_of_birth() -> None:
    assert [year for year in range(1900, 2030) if [*find_birth_dates(f"it says 12/05/{year}")]] == [*range(1930, 2018)]


@pytest.mark.parametrize("text", NO_BIRTHS)
def test_an_age_a_year_alone_and_any_other_day_are_no_day_of_birth(text: str) -> None:
    assert texts(find_birth_dates(text), text) == []


@pytest.mark.parametrize(
    ("figures", "digit"),
    [([9, 4, 3, 4, 7, 6, 5, 9, 1], 9), ([4, 5, 0, 5, 5, 7, 7, 1, 0], 4), ([4, 0, 1, 0, 2, 3, 2, 1, 3], 7)],
)
def test_the_check_digit_of_numbers_that_the_nhs_prints_as_examples(figures: list[int], digit: int) -> None:
    assert check_digit(figures) == digit


@pytest.mark.parametrize("said", ["9434765919", "943 476 5919", "943-476-5919", "nhs no 9991234560"])
def test_an_nhs_number_is_found(said: str) -> None:
    assert texts(find_nhs_numbers(said), said) == [said.removeprefix("nhs no ")]


def test_behind_the_words_that_say_so_an_nhs_number_may_be_set_anyhow() -> None:
    for number in ("943 47 65 919", "94 34 76 59 19", "9434-765-919", "9 4 3 4 7 6 5 9 1 8"):
        said = f"my NHS no: {number} thanks"
        assert texts(find_nhs_numbers(said), said) == [number]


@pytest.mark.parametrize("said", ["9434765918", "94347659190", "1234567"])
def test_other_figures_are_no_nhs_number(said: str) -> None:
    assert texts(find_nhs_numbers(said), said) == []


@pytest.mark.parametrize("said", ["QQ 12 34 56 C", "AB123456D", "qq 45 67 89 d", "JX-90-21-43-D", "JG121314"])
def test_a_national_insurance_number_is_found(said: str) -> None:
    assert texts(find_ni_numbers(said), said) == [said]


def test_after_words_that_say_so_a_mistyped_one_is_found_too() -> None:
    assert texts(find_ni_numbers("my ni no. is tn311258f"), "my ni no. is tn311258f") == ["tn311258f"]


@pytest.mark.parametrize("said", ["GB123456", "DF121314", "AB12345D", "AB123456E"])
def test_without_its_last_letter_only_a_prefix_that_is_given_out_makes_one(said: str) -> None:
    assert texts(find_ni_numbers(said), said) == []


@pytest.mark.parametrize(
    "said", ["NW1 0ZX", "zz12ab", "SE99 1ZZ", "e17 4qq", "GIR 0AA", "LS9 7ZZ", "SW1A 2AA", "XX1 1XX", "NW1 OZX"]
)
def test_a_whole_postcode_is_found_in_any_letters(said: str) -> None:
    text = f"we are at {said} now"
    assert texts(find_postcodes(text), text) == [said]


@pytest.mark.parametrize(
    ("said", "half"), [("i live in N99 so", "N99"), ("moved to e17", "e17"), ("people in SW9 get", "SW9")]
)
def test_half_a_postcode_is_one_where_somebody_lives(said: str, half: str) -> None:
    assert texts(find_postcodes(said), said) == [half]


@pytest.mark.parametrize(
    "said",
    ["year e2 4th floor", "b4 5pm", "take the N11 home", "the E3 bus", "A4 paper", "M25 was jammed", "from B1 class"],
)
def test_buses_roads_classes_and_paper_are_no_postcodes(said: str) -> None:
    assert texts(find_postcodes(said), said) == []


@pytest.mark.parametrize(
    ("said", "plate"),
    [("car ZZ99 ABC parks", "ZZ99 ABC"), ("QX21ZZT nearly hit us", "QX21ZZT"), ("reg zz70xyz", "zz70xyz"),
     ("the van is p123 abc", "p123 abc")],
)  # fmt: skip
def test_a_number_plate_is_found(said: str, plate: str) -> None:
    assert texts(find_cars(said), said) == [plate]


@pytest.mark.parametrize("said", ["yr10 are loud", "YR10 ARE LOUD", "at 10 and", "by bus 73 the"])
def test_years_and_buses_are_no_number_plates(said: str) -> None:
    assert texts(find_cars(said), said) == []


@pytest.mark.parametrize(
    ("said", "number"),
    [("UPN is Z999200012345", "Z999200012345"), ("case ref CS/2024/00917 nobody", "CS/2024/00917"),
     ("reference number is EHC-44521", "EHC-44521"), ("Case number LCS-88213", "LCS-88213"), ("id: 88213", "88213")],
)  # fmt: skip
def test_a_pupils_or_a_cases_number_is_found(said: str, number: str) -> None:
    assert number in texts(find_references(said), said)


@pytest.mark.parametrize("said", ["case closed", "number 9 bus", "ref was biased", "no 10", "plan no 2024/25", "my id"])
def test_counts_and_years_are_no_reference(said: str) -> None:
    assert texts(find_references(said), said) == []
