"""What was accepted becomes what is stored: each response once, each comment screened and in exactly one loop."""
