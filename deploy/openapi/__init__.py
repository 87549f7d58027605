"""Writes the one OpenAPI document of the three services from their code, and the pages at `/docs`.

`python -m deploy.openapi` writes `schemas/http/openapi.json` anew; a test compares it with what is committed.
"""
