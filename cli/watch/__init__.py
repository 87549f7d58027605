"""Following an import until it is finished: the loop, and the ways to show it."""
