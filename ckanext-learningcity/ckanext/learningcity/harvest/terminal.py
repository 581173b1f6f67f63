"""A run at the terminal, with its progress."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
import click
from ckan.types import Context
from ckanext.harvest.model import HarvestJob

from ckanext.learningcity.harvesters.errors import SourceError
from ckanext.learningcity.harvesters.facts import FactsError
from ckanext.learningcity.tables import codelists

from . import preview, queue, runs, sources
from .model import COUNTS
from .runs import Run


def harvest(source_id: str, *, full: bool) -> bool:
    """Harvest a source, draw a bar, and return whether it went well.

    :raises ClickException: there is no such source, or it is running
    """
    user = tk.get_action("get_site_user")(Context(ignore_auth=True), {})["name"]
    try:
        source = sources.find(source_id)
        job: Any = HarvestJob.get(
            sources.begin(source, user, send=False, **({"full": True} if full else {}))
        )
    except (tk.ObjectNotFound, tk.ValidationError) as error:
        raise click.ClickException(_said(error)) from error
    expected = max(sources.described(source)["datasets"], 1)
    with click.progressbar(length=expected, label=str(source.title), show_pos=True) as bar:

        def told(run: Run) -> None:
            bar.length = max(bar.length or 0, run.listed)
            bar.update(run.done - bar.pos)

        queue.harvest(job, told, runs.TERMINAL)
    [run] = runs.last(str(source.id))
    outcome = codelists.outcomes()[run["outcome"]]
    counts = ", ".join(f"{name} {run['counts'][name]}" for name in COUNTS)
    click.echo(f"{outcome['name']['en']}: {counts}")
    if outcome["level"] == "bad":
        click.echo(
            f"{run['detail']}\n{outcome['meaning']['en']} {outcome['remedy']['en']}", err=True
        )
    return outcome["level"] != "bad"


def tell(source_id: str) -> bool:
    """Print what a run would do; False where the source cannot be listed.

    :raises ClickException: there is no such source
    """
    try:
        found = preview.preview(sources.find(source_id))
    except tk.ObjectNotFound as error:
        raise click.ClickException(_said(error)) from error
    except (SourceError, FactsError) as error:
        click.echo(str(error), err=True)
        return False
    for dataset in found["datasets"]:
        if dataset["status"] != "unchanged":
            numbers = (
                f"{name} {dataset[name]}"
                for name in ("added", "changed", "removed")
                if name in dataset
            )
            click.echo(
                f"{dataset['status']:<10} {dataset['id']}  {dataset['title']}  {', '.join(numbers)}"
            )
    click.echo(", ".join(f"{name} {number}" for name, number in found["counts"].items()))
    return True


def _said(error: tk.ObjectNotFound | tk.ValidationError) -> str:
    if isinstance(error, tk.ValidationError):
        return "; ".join(str(text) for text in error.error_summary.values())
    return str(error.message)
