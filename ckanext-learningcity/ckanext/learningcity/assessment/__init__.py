"""Evaluations in the database: their rules, the grades that people give, and their results."""
