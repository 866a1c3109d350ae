"""What a council configures, read and checked: see council.py."""
