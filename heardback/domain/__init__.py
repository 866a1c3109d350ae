"""The rules, without a database, a network or a clock."""
