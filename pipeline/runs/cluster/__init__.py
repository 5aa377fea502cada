"""Many bureaus on many computers, and places that are addresses."""
