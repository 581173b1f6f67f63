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
def resume() -> None:
    """Take up what a crash left, and put the next look at due work on the scheduler."""
    count = queue.resume()
    queue.schedule()
    click.echo(f"{count} pieces of harvest work taken up again")
