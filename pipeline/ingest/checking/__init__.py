"""What rows say against each other, against the bureau and against the printed totals."""
