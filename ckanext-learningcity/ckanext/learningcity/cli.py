"""`ckan learningcity …`: the portal's own commands."""

from __future__ import annotations

import click

from ckanext.learningcity.harvest import queue

__all__ = ["learningcity"]


@click.group()
def learningcity() -> None:
    """Run the Learning City portal."""


@learningcity.command()
@click.option("--skip-existing/--update", default=True, help="Leave what is there as it is.")
def seed(*, skip_existing: bool) -> None:
    """Load the demonstration content: organizations, sources, datasets."""
    from ckanext.learningcity.seed import load  # noqa: PLC0415 - other commands need none of it

    for line in load(skip_existing=skip_existing):
        click.echo(line)


@learningcity.command()
@click.argument("stage", type=click.Choice(list(queue.STAGES)))
def harvest_worker(stage: str) -> None:
    """Work on the harvest queue of STAGE until stopped."""
    queue.consume(stage)


@learningcity.command()
@click.argument("source")
@click.option("--dry-run", is_flag=True, help="Tell what would change, change nothing.")
@click.option("--full", is_flag=True, help="Read also what has not changed.")
def harvest(source: str, *, dry_run: bool, full: bool) -> None:
    """Harvest SOURCE (a name or id) now, here, and tell the progress."""
    from ckanext.learningcity.harvest import terminal  # noqa: PLC0415 - other commands need none of it

    if not (terminal.tell(source) if dry_run else terminal.harvest(source, full=full)):
        raise SystemExit(1)


@learningcity.command()
@click.argument("dataset", nargs=-1)
@click.option("--check", is_flag=True, help="Compare only, change nothing.")
def reindex(dataset: tuple[str, ...], *, check: bool) -> None:
    """Make series, DataStore and search index again from the releases, and prove them the same.

    Without DATASET (names or ids) for the whole portal.
    """
    from ckanext.learningcity.reindex import run  # noqa: PLC0415 - other commands need none of it

    sound = True
    for line in run(dataset, check=check):
        sound &= line.sound
        click.echo(line.text, err=not line.sound)
    if not sound:
        raise SystemExit(1)
