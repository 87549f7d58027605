"""From the log into the tables: reading records, folding facts, storing both with the position."""
