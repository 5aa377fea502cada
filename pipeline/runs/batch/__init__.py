"""Many bureaus on one computer, and the page across them."""
