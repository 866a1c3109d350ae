"""What owners receive, and how it reaches them."""
