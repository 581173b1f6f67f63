"""An open data portal for learning cities, on CKAN."""
