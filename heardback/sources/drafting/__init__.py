"""A map that is not written yet, or not in force: proposed for a file, tried on one."""
