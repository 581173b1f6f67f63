"""Standard interfaces for machines: SDMX, DCAT, OAI-PMH, citations, OpenAPI."""
