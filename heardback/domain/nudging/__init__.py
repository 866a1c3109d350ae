"""Who is told about which loop, when, and for every loop that is not told, why not."""
