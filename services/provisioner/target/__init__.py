"""The target: whether the account service may be called now, shared by all copies of the provisioner."""
