"""How far is an import, and how fast does it go?"""
