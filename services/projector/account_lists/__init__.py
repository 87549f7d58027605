"""How many accounts are there of each project and state, and which have this in their address?"""
