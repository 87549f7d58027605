"""E-mail addresses: what a cell holds, its canonical form, what is wrong with it, and what may have been meant."""
