"""Dataset types, presets, code lists and frameworks, as YAML; no code."""
