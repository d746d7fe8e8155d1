"""Keeping the phone's records out of its backups, where that is ours to say.

Android is told in the manifest ([tool.flet.android] in pyproject.toml). iOS asks every folder.
"""

import ctypes
import logging
import os
import plistlib
import sys
from pathlib import Path
from typing import Any

_NOT_IN_BACKUPS = b"com.apple.metadata:com_apple_backup_excludeItem"
_BY_WHOM = plistlib.dumps("com.apple.backupd", fmt=plistlib.FMT_BINARY)
"""What NSURLIsExcludedFromBackupKey writes; Python on iOS has no os.setxattr."""

_log = logging.getLogger(__name__)


def keep_out_of_backups(folder: Path, *, platform: str = sys.platform, system: Any = None) -> None:
    """Mark *folder*, on iOS. What is restored without its key is told apart at the next start."""
    if platform != "ios":
        return
    system = system or ctypes.CDLL(None, use_errno=True)
    path = os.fsencode(folder)
    if system.setxattr(path, _NOT_IN_BACKUPS, _BY_WHOM, ctypes.c_size_t(len(_BY_WHOM)), 0, 0):
        _log.warning("the records may be in a backup: error %s", ctypes.get_errno())
