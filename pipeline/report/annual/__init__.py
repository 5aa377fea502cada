"""``annual.html``: the year, its scores and the model group."""
