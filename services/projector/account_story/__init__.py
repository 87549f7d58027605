"""What happened to one account, and who did it?"""
