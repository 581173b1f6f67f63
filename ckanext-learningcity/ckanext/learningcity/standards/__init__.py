"""Downloads, citations and standard interfaces for machines."""
