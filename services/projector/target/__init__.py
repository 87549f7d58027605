"""Is the account service being waited for?"""
