"""Which rows of an import changed lately?"""
