"""Tables in uploaded files, other than observations: into the DataStore as they are written."""
