"""A made folder takes the place of the published one, is logged, and can be verified."""
