"""What waits, since when, and why?"""
