"""Steps, in the order in which a comment meets them: one transaction and one retry policy each."""
