"""The awards: rounds, confidential applications, blind reviews, decisions, one publication."""
