"""What readers report as wrong: never public, and answered by those whose data it is about."""
