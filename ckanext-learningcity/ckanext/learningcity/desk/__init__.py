"""The publishing desk: an upload's way from draft to release, with who did what and when."""
