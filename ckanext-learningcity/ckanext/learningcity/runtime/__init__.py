"""One portal on one machine: database, queue, web and workers under one supervisor."""
