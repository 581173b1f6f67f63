"""The forum: who says what to whom, what a reader may see of it, and the mail that follows."""
