"""The indicator store: stage, compare, release, query and export observations."""
