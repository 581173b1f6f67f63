"""The Lifelong Learning Booster: which city adopted what, since when, and what changed there."""
