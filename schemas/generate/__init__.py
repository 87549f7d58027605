"""Writes what follows from the contracts: JSON Schemas, the AsyncAPI document and the reference of events.

`python -m schemas.generate` writes them anew; a test compares them with what is committed.
"""
