"""From grids to observations as text: headings, mapping, wide tables, what people write."""
