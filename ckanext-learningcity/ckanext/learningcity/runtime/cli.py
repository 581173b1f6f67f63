"""The `learningcity` command."""

from __future__ import annotations

import json
import os
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from . import backups, environment, programs
from .control import running, set_up, start, stop
from .errors import Problem
from .home import Home
from .settings import Settings

STOP_PATIENCE = 90.0  # seconds


class ProblemsExplained(click.Group):
    """Shows a `Problem` as two sentences instead of a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except Problem as problem:
            raise click.ClickException(str(problem)) from problem


@click.group(cls=ProblemsExplained, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """An open data portal for learning cities, on one machine.

    Settings are variables of the environment: LEARNINGCITY_HOME, LEARNINGCITY_PORT,
    LEARNINGCITY_HOST, LEARNINGCITY_SITE_URL, LEARNINGCITY_DATABASE_URL, LEARNINGCITY_REDIS_URL,
    LEARNINGCITY_SOLR_URL. docs/operations.md explains them.
    """


@main.command()
@click.option("--detach", is_flag=True, envvar="DETACH", help="Return once the portal answers.")
def up(detach: bool) -> None:
    """Set up what is missing, run the portal, and stop it on Ctrl-C."""
    sys.exit(start(Settings.read(), detach=detach))


@main.command("set-up")
def set_up_only() -> None:
    """Set up what is missing, as `up` does, and end."""
    sys.exit(set_up(Settings.read()))


@main.command()
@click.argument("program", type=click.Choice(programs.NAMES))
def run(program: str) -> None:
    """Become one of the processes of a portal that `set-up` has made.

    For process managers such as Docker and systemd; `up` runs all of them by itself.
    """
    settings = Settings.read()
    home = Home(settings.home)
    home.require_portal()
    service = programs.program(program, home, settings)
    os.execve(  # noqa: S606 - it becomes that process
        service.command[0], [str(word) for word in service.command], dict(service.environment or {})
    )


@main.command()
def down() -> None:
    """Stop the portal and wait until it has stopped."""
    home = Home(Settings.read().home)
    click.echo("Stopped." if stop(home, STOP_PATIENCE) else "Nothing runs.")


@main.command()
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def status(as_json: bool) -> None:
    """Show what runs; the exit code is 3 when nothing does."""
    found = running(Home(Settings.read().home))
    if as_json:
        click.echo(json.dumps(found, indent=2))
    elif found:
        _show_status(found)
    else:
        click.echo("Nothing runs.")
    sys.exit(0 if found else 3)


def _show_status(found: dict[str, Any]) -> None:
    click.echo(found["address"])
    for service in found["services"]:
        since = datetime.fromisoformat(service["since"]).astimezone()
        troubles = f"failed {service['failures']} times" if service["failures"] else ""
        click.echo(
            f"  {service['name']:<15}{service['state']:<12}{service['pid'] or '-':<9}"
            f"since {since:%Y-%m-%d %H:%M:%S}  {service.get('version', ''):<12}"
            f"{service.get('address', ''):<24}{troubles}".rstrip()
        )


@main.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def backup(file: Path) -> None:
    """Write databases, files and passwords into FILE, while the portal runs or not."""
    backups.backup(file, Settings.read())
    size = file.stat().st_size / 1024**2
    click.echo(f"Wrote {file} ({size:.1f} MB). It holds passwords: keep it private.")


@main.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def restore(file: Path) -> None:
    """Fill an empty state folder from FILE."""
    settings = Settings.read()
    backups.restore(file, settings)
    click.echo(f"Restored into {settings.home}. Start it with `learningcity up`.")


@main.command(
    context_settings={"ignore_unknown_options": True, "help_option_names": []},
    short_help="Run CKAN's own command line on this portal.",
)
@click.argument("words", nargs=-1, type=click.UNPROCESSED)
def ckan(words: tuple[str, ...]) -> None:
    """Run CKAN's own command line on this portal."""
    home = Home(Settings.read().home)
    home.require_portal()
    os.execve(  # noqa: S606 - it becomes CKAN
        environment.CKAN, [str(environment.CKAN), *words], environment.for_ckan(home.ini)
    )


if __name__ == "__main__":
    main()
