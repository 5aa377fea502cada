"""``report.html``: the sections of one quarter, and what each of them asks of the tables."""
