"""What the board and young people are shown."""
