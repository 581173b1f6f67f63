"""The account that runs PostgreSQL, which refuses to run as root."""

from __future__ import annotations

import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .errors import Problem

# `postgres` exists where a distribution's PostgreSQL was installed; `nobody` exists everywhere.
CANDIDATES = ("postgres", "nobody")


@dataclass(frozen=True)
class Account:
    """An unprivileged user of this machine."""

    name: str
    uid: int
    gid: int

    def own(self, path: Path) -> None:
        """Give `path` itself (not what is in it) to this account."""
        os.chown(path, self.uid, self.gid)


def database_account(data: Path) -> Account | None:
    """Who runs the cluster in `data`: None is "whoever we are", the rule unless we are root.

    An existing cluster keeps its owner, so a package installed later cannot lock it out.
    """
    if os.geteuid() != 0:
        return None
    if data.exists() and (uid := data.stat().st_uid) != 0:
        return _account(pwd.getpwuid(uid))
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    for name in CANDIDATES:
        if name in known:
            return _account(known[name])
    raise Problem(
        f"PostgreSQL refuses to run as root, and this machine has none of the users {CANDIDATES}.",
        "Run `make up` as an ordinary user.",
    )


def _account(entry: pwd.struct_passwd) -> Account:
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def running_as(account: Account | None) -> dict[str, Any]:
    """The arguments with which `subprocess` starts a program as `account`."""
    if account is None:
        return {}
    return {"user": account.uid, "group": account.gid, "extra_groups": []}


def reachable(path: Path) -> bool:
    """Whether any account can walk to `path`: every existing folder above it is open to all."""
    above = [folder for folder in path.absolute().parents if folder.exists()]
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in above)
