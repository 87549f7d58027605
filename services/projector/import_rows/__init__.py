"""What became of each row of an import?"""
