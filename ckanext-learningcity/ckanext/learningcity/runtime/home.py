"""The state folder: where everything the portal keeps is, and who may use it now."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .accounts import database_account, reachable
from .errors import Problem

FORMAT = 1  # of the folder as a whole; raised when an older release could not read it
SPACE_NEEDED = 2 * 1024**3  # bytes, for a first set-up with its demonstration content
REACHABLE_ROOT = Path("/var/lib")
SECRET_NAMES = ("postgres", "owner", "reader", "valkey", "session", "administrator")


@dataclass(frozen=True)
class Home:
    """Paths inside the state folder `path`."""

    path: Path

    @property
    def ini(self) -> Path:
        """The operator's configuration: written once, then never touched."""
        return self.path / "ckan.ini"

    @property
    def generated_ini(self) -> Path:
        """What `ckan.ini` is based on: written anew at every start."""
        return self.path / "generated.ini"

    @property
    def files(self) -> Path:
        """CKAN's uploaded and released files."""
        return self.path / "files"

    @property
    def log(self) -> Path:
        """One file per service."""
        return self.path / "log"

    @property
    def run(self) -> Path:
        """What is only meaningful while the portal runs."""
        return self.path / "run"

    @property
    def status_file(self) -> Path:
        """What runs now: the supervisor writes it, `learningcity status` reads it."""
        return self.run / "status.json"

    @property
    def valkey(self) -> Path:
        """The queue's data folder."""
        return self.path / "valkey"

    @property
    def postgres(self) -> Path:
        """The cluster's data folder.

        Root starts PostgreSQL as another user, who may be unable to walk to the state folder (in
        /root, say). The cluster then lives in /var/lib, under a name made from the folder's path.
        """
        return self.database_folder / "postgres"

    @property
    def database_folder(self) -> Path:
        """The folder that the account which runs PostgreSQL can reach."""
        if os.geteuid() != 0 or reachable(self.path / "postgres"):
            return self.path
        key = hashlib.sha256(str(self.path).encode()).hexdigest()[:12]
        return REACHABLE_ROOT / f"learningcity-{key}"

    def prepare(self) -> None:
        """Make the folders; a `Problem` says what stands in the way."""
        first_time = not self.state_file.exists()
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            # As root, the account of PostgreSQL walks through; it can list or read nothing.
            self.path.chmod(0o711 if os.geteuid() == 0 else 0o700)
            self.database_folder.mkdir(mode=0o711, exist_ok=True)
            for folder in (self.files, self.log, self.run, self.valkey):
                folder.mkdir(mode=0o700, exist_ok=True)
            self._prepare_cluster()
        except OSError as refusal:
            raise Problem(
                f"The state folder {self.path} cannot be used: {refusal.strerror} "
                f"({refusal.filename}).",
                "Give this user the right to write there, or set LEARNINGCITY_HOME to a folder "
                "that it owns.",
            ) from refusal
        if first_time:
            self._check_space()
        self._check_state()

    def _prepare_cluster(self) -> None:
        if not self.postgres.exists():
            account = database_account(self.postgres)
            self.postgres.mkdir(mode=0o700)
            if account:
                account.own(self.postgres)

    def _check_space(self) -> None:
        free = shutil.disk_usage(self.path).free
        if free < SPACE_NEEDED:
            raise Problem(
                f"Only {free / 1024**3:.1f} GB are free on the disk of {self.path}.",
                f"A first start needs {SPACE_NEEDED / 1024**3:.0f} GB: free some, "
                "or set LEARNINGCITY_HOME to a folder on another disk.",
            )

    def _check_state(self) -> None:
        state = self.state()
        if state.get("restoring"):
            raise Problem(
                f"A restore into {self.path} was interrupted: the folder is incomplete.",
                f"Remove {self.where()} and restore again.",
            )
        found = state.get("format", FORMAT)
        if found != FORMAT:
            raise Problem(
                f"The state folder {self.path} has format {found}; this release reads {FORMAT}.",
                "Use the release that made it: `learningcity backup` there, then "
                "`learningcity restore` here.",
            )

    def require_portal(self) -> None:
        """A `Problem` unless a portal was set up here."""
        if "schema" not in self.state():
            raise Problem(f"There is no portal in {self.path}.", "Make one with `learningcity up`.")

    def where(self) -> str:
        """Every folder to remove by hand to be rid of this state."""
        folders = dict.fromkeys((self.path, self.database_folder))
        return " and ".join(str(folder) for folder in folders)

    @property
    def state_file(self) -> Path:
        """What made this folder and how far its set-up got."""
        return self.path / "state.json"

    def state(self) -> dict[str, Any]:
        """The content of the state file; empty before the first set-up."""
        if not self.state_file.exists():
            return {}
        try:
            return json.loads(self.state_file.read_text())
        except ValueError as damage:
            raise Problem(
                f"{self.state_file} is damaged: {damage}.",
                f"Restore a backup into a new LEARNINGCITY_HOME, or remove {self.where()}.",
            ) from damage

    def remember(self, **changes: Any) -> None:
        """Add to the state file."""
        self.write_json(self.state_file, {"format": FORMAT, **self.state(), **changes})

    def secrets(self) -> dict[str, str]:
        """The passwords of this portal, made at the first call; a file for the owner only."""
        file = self.path / "secrets.json"
        known = json.loads(file.read_text()) if file.exists() else {}
        missing = {name: secrets.token_urlsafe(18) for name in SECRET_NAMES if name not in known}
        if missing:
            self.write_json(file, {**known, **missing})
        return {**known, **missing}

    @staticmethod
    def write_json(path: Path, content: Any) -> None:
        """Write a private file in one step: readers see the old or the new, never half."""
        partial = path.with_name(f"{path.name}.partial")
        partial.touch(mode=0o600)
        with partial.open("w") as file:
            json.dump(content, file, indent=2)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)

    def lock(self) -> int | None:
        """Take the folder for this process and those that inherit the returned descriptor.

        None: a portal runs on it already.
        """
        descriptor = os.open(self.run / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return None
        return descriptor

    def in_use(self) -> bool:
        """Whether a portal runs on this folder now."""
        if not (self.run / "lock").exists():
            return False
        descriptor = self.lock()
        if descriptor is None:
            return True
        os.close(descriptor)
        return False
