"""Building sets again from the log: beside the one in use, until any place, or of one project only."""
