"""How good a dataset is, from what its record says: metadata items, freshness, grade."""
