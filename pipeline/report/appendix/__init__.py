"""``appendix.html``: every pair of points and results, for the analyst."""
