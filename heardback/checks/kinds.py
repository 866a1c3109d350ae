"""Expectations by what they are about: single rows, one column as a whole, or the whole table.

Told by Great Expectations' own names, so that nobody has to import it to know.
"""

OF_ROWS = (
    "expect_column_values_",
    "expect_column_value_lengths_",
    "expect_column_value_z_scores_",
    "expect_column_pair_values_",
    "expect_multicolumn_",
    "expect_compound_columns_",
    "expect_select_column_values_",
)
OF_TABLES = ("expect_table_", "expect_column_to_exist")


def is_about_rows(expect: str) -> bool:
    """Whether it finds bad rows: those go to quarantine. Any other that fails refuses the pull."""
    return expect.startswith(OF_ROWS)


def is_about_tables(expect: str) -> bool:
    """Whether it looks at the whole table as it was read: how many rows, which columns."""
    return expect.startswith(OF_TABLES)
