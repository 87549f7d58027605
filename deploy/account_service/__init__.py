"""The simulated account service: the far side of the provisioner, with faults on request."""
