"""Who may give commands: the one place to ask. Today whoever may sign in as staff may do all."""

from typing import Annotated

from fastapi import Depends

from services.common.access import Principal
from services.common.http import staff_only

Commander = Annotated[Principal, Depends(staff_only)]
"""Somebody who may retry and close accounts."""
