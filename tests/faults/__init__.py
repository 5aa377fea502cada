"""Bad days, arranged: a run is ended, starved or hindered at a point of its own log, and what is left is looked at."""
