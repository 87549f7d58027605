"""The provisioner's HTTP side."""
