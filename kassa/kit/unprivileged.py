"""Running a program as a system user of its own when we are root, for programs that refuse root (PostgreSQL does)."""

import os
import shutil
import stat
import struct
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

import structlog

from kassa.kit.errors import Unavailable

if sys.platform != "win32":
    import pwd

logger = structlog.get_logger(__name__)

# The layout of a POSIX access list in its extended attribute: linux/include/uapi/linux/posix_acl_xattr.h
_ACL_ATTRIBUTE = "system.posix_acl_access"
_ACL_VERSION = 2
_ACL_USER_OBJ, _ACL_USER, _ACL_GROUP_OBJ, _ACL_MASK, _ACL_OTHER = 0x01, 0x02, 0x04, 0x10, 0x20
_ACL_NO_ID = 0xFFFFFFFF
_ACL_EXECUTE = 1


class RunAs(TypedDict, total=False):
    """Arguments for `subprocess` that make the child another user."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True, slots=True)
class Account:
    """A system user that a program runs as."""

    name: str
    uid: int
    gid: int

    def run_as(self) -> RunAs:
        """What to pass to `subprocess`."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def own(self, path: Path) -> None:
        """Give a file or a folder (not what is in it) to this user."""
        if sys.platform != "win32":
            os.chown(path, self.uid, self.gid)


def account_if_root(name: str) -> Account | None:
    """The system user to run as, made when absent; None when we are not root. Raises Unavailable."""
    if sys.platform == "win32" or os.geteuid() != 0:
        return None
    return _find(name) or _create(name)


def _find(name: str) -> Account | None:
    if sys.platform != "win32":
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            return None
        return Account(name, entry.pw_uid, entry.pw_gid)
    return None


def _create(name: str) -> Account:
    useradd = shutil.which("useradd", path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
    if useradd is None:
        raise Unavailable("account.cannot_create", f"running as root needs the system user {name}; useradd is absent")
    command = [useradd, "--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", name]
    made = subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    account = _find(name)  # also when another process made the user a moment before us
    if account is None:
        raise Unavailable("account.cannot_create", f"useradd cannot make the user {name}: {made.stderr.strip()}")
    logger.info("system_user_created", name=name)
    return account


def let_pass(path: Path, account: Account) -> None:
    """Let the user walk through every folder above `path` and through `path` itself; nothing becomes listable.

    Home folders of root are closed to others. An access list entry opens the way for this one user only; where the
    file system keeps no access lists, the folder gets the execute bit for others, and the log says so.
    """
    for folder in (path, *path.parents):
        if _may_pass(folder, account):
            continue
        try:
            _grant_pass(folder, account)
        except OSError:
            folder.chmod(stat.S_IMODE(folder.stat().st_mode) | stat.S_IXOTH)
            logger.warning("folder_made_traversable", folder=str(folder), user=account.name)


def _may_pass(folder: Path, account: Account) -> bool:
    facts = folder.stat()
    if facts.st_uid == account.uid:
        return bool(facts.st_mode & stat.S_IXUSR)
    entries = _read_acl(folder)
    if (_ACL_USER, account.uid) in entries:
        return bool(entries[_ACL_USER, account.uid] & entries.get((_ACL_MASK, _ACL_NO_ID), 7) & _ACL_EXECUTE)
    if facts.st_gid == account.gid:
        return bool(facts.st_mode & stat.S_IXGRP)
    return bool(facts.st_mode & stat.S_IXOTH)


def _grant_pass(folder: Path, account: Account) -> None:
    if sys.platform != "linux":
        raise OSError("no access lists that we know how to write")
    mode = folder.stat().st_mode
    entries = _read_acl(folder) or {
        (_ACL_USER_OBJ, _ACL_NO_ID): mode >> 6 & 7,
        (_ACL_GROUP_OBJ, _ACL_NO_ID): mode >> 3 & 7,
        (_ACL_MASK, _ACL_NO_ID): mode >> 3 & 7,
        (_ACL_OTHER, _ACL_NO_ID): mode & 7,
    }
    entries[_ACL_USER, account.uid] = _ACL_EXECUTE
    entries[_ACL_MASK, _ACL_NO_ID] = entries.get((_ACL_MASK, _ACL_NO_ID), 0) | _ACL_EXECUTE
    body = struct.pack("<I", _ACL_VERSION)
    for (tag, owner), permissions in sorted(entries.items()):
        body += struct.pack("<HHI", tag, permissions, owner)
    os.setxattr(folder, _ACL_ATTRIBUTE, body)


def _read_acl(folder: Path) -> dict[tuple[int, int], int]:
    if sys.platform != "linux":
        return {}
    try:
        body = os.getxattr(folder, _ACL_ATTRIBUTE)
    except OSError:  # none is set, or the file system keeps none
        return {}
    return {(tag, owner): permissions for tag, permissions, owner in struct.iter_unpack("<HHI", body[4:])}
