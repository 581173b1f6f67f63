"""`ckan learningcity reindex`: the whole portal, dataset by dataset."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import ckan.lib.search as index
import ckan.plugins.toolkit as tk
import click
from ckan import model
from ckan.types import Context

from .indicators import rebuild


@dataclass(frozen=True)
class Line:
    """What to say, and whether all is as it should be."""

    text: str
    sound: bool


def run(names: Sequence[str], *, check: bool) -> Iterator[Line]:
    """Rebuild (or only compare) the datasets `names`, or everything, and say how each compares."""
    user = tk.get_action("get_site_user")(Context(ignore_auth=True), {})["name"]
    for dataset_id in [_id(name) for name in names] or rebuild.datasets():
        found = rebuild.compare(dataset_id) if check else rebuild.rebuild(user, dataset_id)
        told = "; ".join(found.wrong) or "files, series and DataStore are the same"
        yield Line(f"{found.dataset}: {found.releases} releases, {told}", not found.wrong)
    if not names:
        if not check:
            index.rebuild(force=True, quiet=True)
        missing = rebuild.unindexed()
        told = f"{missing} datasets differ" if missing else "holds every dataset"
        yield Line(f"search index: {told}", not missing)


def _id(name: str) -> str:
    package = model.Package.get(name)
    if package is None:
        raise click.ClickException(f"There is no dataset {name}.")
    return package.id
