"""Every row held against its source's contract."""
