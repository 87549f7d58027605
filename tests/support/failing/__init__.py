"""A provisioner that fails at a named point: `python -m tests.support.failing`, as `python -m services.provisioner`.

What fails, when and how stands in `FAILPOINT`: `name:nth:action`, or the path of a folder in which such words may be
laid at any time as empty files (see `points.py`). Product code knows nothing of it: it is handed a callable.
"""
