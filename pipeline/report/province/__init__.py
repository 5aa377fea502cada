"""``index.html`` of a batch: the page across bureaus."""
