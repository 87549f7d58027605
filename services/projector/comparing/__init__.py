"""Do two sets say the same, row for row, and if not, where do they first differ?"""
