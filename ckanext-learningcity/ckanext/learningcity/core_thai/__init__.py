"""Thai for the texts of CKAN and its extensions that our readers meet: a catalogue, no code."""
