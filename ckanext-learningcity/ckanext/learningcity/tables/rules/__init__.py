"""The rules of a table of observations, and what they work with: codes, keys, wholes."""
