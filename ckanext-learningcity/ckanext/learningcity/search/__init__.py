"""The PostgreSQL search engine behind CKAN's package_search."""
