"""The command line, a file for each of the rooms it opens. Heavy imports wait until a command runs."""
