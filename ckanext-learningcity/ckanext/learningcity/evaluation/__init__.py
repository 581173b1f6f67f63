"""How a city stands: scorecards and a composite, worked out from observations and nothing else."""
