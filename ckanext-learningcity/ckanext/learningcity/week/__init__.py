"""Learning City Week: sessions, calendar feeds, sign-ups with the least personal data."""
