"""Which projects are there? Reference data, from the compacted topic of whoever owns them."""
