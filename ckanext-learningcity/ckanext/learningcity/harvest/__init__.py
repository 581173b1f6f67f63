"""The only bridge between the plain-Python adapters and ckanext-harvest."""
