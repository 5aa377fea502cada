"""``index.html`` of a bureau: all its quarters, and comparisons of them."""
