"""The provisioner: the life of each account."""
