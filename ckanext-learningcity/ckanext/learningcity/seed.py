"""The demonstration content: organizations, sources, datasets with observations, what cities share.

It is data in `seed-data/`, and this loads it through the ordinary actions. What exists is known by
its name. So loading twice changes nothing, and loading again finishes what was interrupted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta, timezone
from io import BytesIO
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
import click
import yaml
from ckan import model
from ckan.types import Context
from ckanext.harvest.model import HarvestSource
from werkzeug.datastructures import FileStorage

Entry = dict[str, Any]

#: File and key of the entries, and what the actions `…_create` and `…_patch` call a thing. In this
#: order: an organization must be there before what it owns.
_KINDS: Mapping[str, str] = {
    "organizations": "organization",
    "sources": "harvest_source",
    "datasets": "package",
    "boundaries": "package",
    "content": "package",
    "exchange": "package",
    "adoptions": "learningcity_adoption",
    "evaluations": "learningcity_evaluation",
    "spaces": "learningcity_forum_space",
    "awards": "learningcity_award_round",
}
_CHECKOUT = Path(__file__).parents[3]


class SeedError(click.ClickException):
    """The content cannot be loaded; the message says what to mend. What was loaded stays."""


def load(*, skip_existing: bool) -> Iterator[str]:
    """Load the content and yield a line for each thing when it is done.

    :param skip_existing: leave what is there as it is; else its fields and observations are set to
        those of the files. What has been deleted in the portal stays deleted.
    :raises SeedError: the folder is not there, or an entry is refused
    """
    folder = _folder()
    user = tk.get_action("get_site_user")(Context(ignore_auth=True), {})["name"]
    for name, kind in _KINDS.items():
        for entry in _entries(folder / f"{name}.yaml", name):
            try:
                done = _load(kind, entry, user, folder, skip_existing=skip_existing)
            except (tk.ValidationError, tk.ObjectNotFound) as error:
                message = f"{name}.yaml: {entry['name']} was refused: {_reason(error)}"
                raise SeedError(message) from error
            yield f"{kind.replace('_', ' ')} {entry['name']}: {done}"


def _folder() -> Path:
    configured = tk.config["ckanext.learningcity.seed_folder"]
    folder = Path(configured) if configured else _CHECKOUT / "seed-data"
    if not folder.is_dir():
        message = (
            f"There is no folder {folder}. The demonstration content comes with the source code,"
            " not with the installed package: set ckanext.learningcity.seed_folder to the folder"
            " seed-data of a checkout."
        )
        raise SeedError(message)
    return folder


def _entries(path: Path, key: str) -> list[Entry]:
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))[key]
    except (OSError, yaml.YAMLError, KeyError, TypeError) as error:
        raise SeedError(f"{path} cannot be read: {error!r}") from error


def _load(kind: str, entry: Entry, user: str, folder: Path, *, skip_existing: bool) -> str:
    """Bring one thing to the state of its entry and return what that took."""
    if kind in _OWN_WAYS:
        return _OWN_WAYS[kind](entry, user, skip_existing=skip_existing)
    fields = {key: value for key, value in entry.items() if key not in ("observations", "file")}
    existing = _find(kind, entry["name"])
    if existing and existing.state == model.State.DELETED:
        return "left deleted"
    if not existing:
        made = _act(f"{kind}_create", user, fields)
        if kind == "harvest_source":
            _wait_a_day(made["id"])
    elif not skip_existing:
        _act(f"{kind}_patch", user, {"id": existing.id, **fields})
    done = "updated" if existing and not skip_existing else "unchanged" if existing else "created"
    if "file" in entry and not _act("package_show", user, {"id": entry["name"]})["resources"]:
        _attach(entry["name"], entry["file"], user, folder)
    if "observations" not in entry or (existing and skip_existing and _released(user, existing.id)):
        return done
    return f"{done}, {_publish(entry, user, folder)}"


def _attach(dataset: str, file: Entry, user: str, folder: Path) -> None:
    """Upload a file as the resource of a dataset that has none."""
    path = folder / file["path"]
    try:
        content = path.read_bytes()
    except OSError as error:
        raise SeedError(f"{path} cannot be read: {error!r}") from error
    upload = FileStorage(BytesIO(content), filename=path.name)
    fields = {key: value for key, value in file.items() if key != "path"}
    _act("resource_create", user, {"package_id": dataset, "upload": upload, **fields})


def _adopt(entry: Entry, user: str, *, skip_existing: bool) -> str:
    """Bring an adoption to the state of its entry; it is known by its innovation and its city."""
    known = {key: entry[key] for key in ("innovation", "organization")}
    fields = {key: value for key, value in entry.items() if key != "name"}
    existing = _act("learningcity_adoption_list", user, known)
    if not existing:
        _act("learningcity_adoption_create", user, fields)
        return "created"
    if skip_existing:
        return "unchanged"
    progress = {key: value for key, value in fields.items() if key not in (*known, "demonstration")}
    _act("learningcity_adoption_update", user, {"id": existing[0]["id"], **progress})
    return "updated"


def _evaluate(entry: Entry, user: str, *, skip_existing: bool) -> str:
    """Bring an evaluation to the state of its entry, and open a new one."""
    fields = {key: value for key, value in entry.items() if key != "name"} | {"id": entry["name"]}
    listed = _act("learningcity_evaluation_list", user, {})
    existing = next((each for each in listed if each["id"] == entry["name"]), None)
    if existing is None:
        _act("learningcity_evaluation_create", user, fields)
        _act("learningcity_evaluation_open", user, {"id": entry["name"]})
        return "created"
    if skip_existing or existing["state"] not in ("draft", "open"):
        return "unchanged"
    _act("learningcity_evaluation_update", user, fields)
    return "updated"


def _open_space(entry: Entry, user: str, *, skip_existing: bool) -> str:
    """Bring a space of the forum to the state of its entry; a new one begins with its topic."""
    kept = {key: entry[key] for key in ("about", "position")}
    fields = {"id": entry["name"], "name": entry["title"], **kept}
    if entry["name"] in {row["id"] for row in _act("learningcity_forum_space_list", user, {})}:
        if skip_existing:
            return "unchanged"
        _act("learningcity_forum_space_update", user, fields)
        return "updated"
    _act("learningcity_forum_space_create", user, fields)
    made = _act("learningcity_topic_create", user, {"space": entry["name"], **entry["topic"]})
    pinned = {"id": made["id"], "pinned": True, "reason": "Says what the space is for"}
    _act("learningcity_topic_moderate", user, pinned)
    return "created"


def _record(entry: Entry, user: str, *, skip_existing: bool) -> str:  # noqa: ARG001 - as the others
    """Record a round of the awards that was held before the portal; none is changed later."""
    fields = {key: value for key, value in entry.items() if key != "name"} | {"id": entry["name"]}
    if any(each["id"] == entry["name"] for each in _act("learningcity_award_round_list", user, {})):
        return "unchanged"
    _act("learningcity_award_round_record", user, fields)
    return "created"


#: What is loaded in another way than by `…_create` and `…_patch`.
_OWN_WAYS: Mapping[str, Callable[..., str]] = {
    "learningcity_adoption": _adopt,
    "learningcity_award_round": _record,
    "learningcity_evaluation": _evaluate,
    "learningcity_forum_space": _open_space,
}


def _wait_a_day(source_id: str) -> None:
    """Let the first run of a new source be tomorrow's: a first start is done when it says so.

    Without a date ckanext-harvest would start it at once.
    """
    tomorrow = datetime.now(timezone.utc).replace(tzinfo=None) + timedelta(days=1)
    model.Session.query(HarvestSource).filter_by(id=source_id).update({"next_run": tomorrow})
    model.Session.commit()


def _find(kind: str, name: str) -> model.Group | model.Package | None:
    return model.Group.get(name) if kind == "organization" else model.Package.get(name)


def _released(user: str, dataset_id: str) -> bool:
    """Return whether a dataset has a release: publishing now could undo what somebody changed."""
    wanted = {"id": dataset_id, "limit": 0}
    return _act("learningcity_release_list", user, wanted)["count"] > 0


def _publish(entry: Entry, user: str, folder: Path) -> str:
    path = folder / entry["observations"]
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise SeedError(f"{path} cannot be read: {error!r}") from error
    outcome = _act("learningcity_observation_publish", user, {"id": entry["name"], "data": text})
    release = outcome["release"]
    if not release:
        return "observations unchanged"
    return f"release {release['number']} with {release['observations']} observations"


def _act(action: str, user: str, data_dict: Entry) -> Any:
    return tk.get_action(action)(Context(user=user, ignore_auth=True), data_dict)


def _reason(error: tk.ValidationError | tk.ObjectNotFound) -> str:
    if not isinstance(error, tk.ValidationError):
        return str(error)
    faults = {field: texts for field, texts in error.error_dict.items() if field != "issues"}
    return "; ".join(f"{field}: {texts}" for field, texts in faults.items())
