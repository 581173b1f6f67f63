"""From the bytes of a file to grids of text: kinds, encodings, workbooks, and their limits."""
