"""When: one file per Prefect flow; cli.py runs the same steps by hand."""
