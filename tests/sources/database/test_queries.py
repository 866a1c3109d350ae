"""What is let through to a database as a question, and what is not."""

import pytest

from heardback.sources.database.queries import asks_above_cursor, one_statement, query_fault

READING = [
    "SELECT id, said FROM heard",
    "select * from heard;\n",
    "WITH open AS (SELECT * FROM heard) SELECT id FROM open",
    "-- the box at Elm Street\nSELECT 'it''s; DELETE me' AS said /* UPDATE nothing */ FROM heard",
    'SELECT "update", `into` FROM heard',
    "SELECT id::text, $$ DROP TABLE x; $$ FROM heard",
    "SELECT id FROM heard WHERE changed >= :cursor AND said <> '12:30'",
    "SELECT id FROM heard WHERE :cursor <= changed",
    "SELECT updated_at, deleted FROM heard OFFSET 2",
    "SELECT share, lock FROM heard",
]


@pytest.mark.parametrize("query", READING)
def test_a_single_statement_that_reads_has_no_fault(query: str) -> None:
    assert query_fault(query) == ""


@pytest.mark.parametrize(("query", "said"), [
    ("DELETE FROM heard", "begin with SELECT or WITH"),
    ("", "begin with SELECT or WITH"),
    ("-- SELECT", "begin with SELECT or WITH"),
    ("EXPLAIN ANALYZE DELETE FROM heard", "begin with SELECT or WITH"),
    ("SELECT 1; DROP TABLE heard", "one statement alone"),
    ("SELECT 1; SELECT 2", "one statement alone"),
    ("SELECT 1;;", "one statement alone"),
    ("WITH gone AS (DELETE FROM heard RETURNING *) SELECT * FROM gone", "'DELETE' changes"),
    ("SELECT * INTO copied FROM heard", "'INTO' changes"),
    ("SELECT * FROM heard FOR UPDATE", "'UPDATE' changes"),
    ("SELECT 1 EXEC sp_who", "'EXEC' changes"),
    ("SELECT id FROM heard LOCK  IN SHARE MODE", "locks rows"),
    ("SELECT id FROM heard FOR SHARE", "'FOR SHARE' locks rows"),
    ("SELECT id FROM heard FOR KEY SHARE", "locks rows"),
    ("SELECT 1 /*!50000 ; DELETE FROM heard */", "not closed"),
    (r"SELECT '\''; DROP TABLE heard; -- '", "not closed"),
    ("SELECT 'never closed; DELETE FROM heard", "not closed"),
    ("SELECT id FROM heard WHERE day = :today", "':today' would be a parameter"),
])  # fmt: skip
def test_anything_else_has_a_fault_that_says_what_to_do(query: str, said: str) -> None:
    assert said in query_fault(query)


@pytest.mark.parametrize(("condition", "above"), [
    ("changed > :cursor", True),
    ("changed >CAST(:cursor AS date)", True),
    (":cursor < changed", True),
    ("changed >= :cursor AND age > 10", False),
    (":cursor <= changed", False),
    ("said <> ' > :cursor' AND :cursor <> changed", False),
])  # fmt: skip
def test_a_query_that_leaves_out_the_rows_at_its_cursor_is_known(condition: str, above: bool) -> None:
    query = f"SELECT id FROM heard WHERE {condition}"
    assert (query_fault(query), asks_above_cursor(query)) == ("", above)


def test_the_semicolon_at_the_end_is_taken_off() -> None:
    assert one_statement(" SELECT 1 ;\n") == "SELECT 1"
