"""Two hundred quarters, faults among them: nothing is lost, nothing grows. ``python -m tests.soak --help``."""
