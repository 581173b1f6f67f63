"""What cities share beside data: its types, who features it, and how it is found and linked."""
