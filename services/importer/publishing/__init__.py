"""From staged rows to facts on the log: a cursor for each import that moves only past confirmed records."""
