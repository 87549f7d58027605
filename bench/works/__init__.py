"""What is measured: the real processes doing real work."""
