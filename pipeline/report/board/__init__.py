"""``board.html``: the public board, from its own table alone."""
