"""Which comments hold a disclosure or a complaint, by phrases, by what words weigh, and by what they say together."""
