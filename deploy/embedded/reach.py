"""Which folders another user can reach, and a place for those it cannot."""

import os
import pwd
import stat
from pathlib import Path


def can_enter(folder: Path, user: str) -> bool:
    """Say whether ``user`` can go into an existing folder and every folder above it.

    Looks at plain permissions only; one granted by an access control list counts as not granted.
    """
    entry = pwd.getpwnam(user)
    groups = set(os.getgrouplist(user, entry.pw_gid))
    real = folder.resolve()
    return all(_may_enter(path.stat(), entry.pw_uid, groups) for path in [real, *real.parents])


def _may_enter(found: os.stat_result, uid: int, groups: set[int]) -> bool:
    if found.st_uid == uid:
        return bool(found.st_mode & stat.S_IXUSR)
    if found.st_gid in groups:
        return bool(found.st_mode & stat.S_IXGRP)
    return bool(found.st_mode & stat.S_IXOTH)
