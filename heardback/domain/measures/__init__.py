"""What a report says: figures with bases and intervals, and the gate that hides small numbers."""
