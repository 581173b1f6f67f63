"""What a person sees while the portal starts and when it answers."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.status import Status

from .home import Home
from .portal import ADMINISTRATOR
from .progress import PROBLEM, READY, STEP_BEGINS, STEP_DONE
from .settings import Settings


class Terminal:
    """Shows the events of a start: a moving line on a terminal, plain lines elsewhere."""

    def __init__(self, home: Home, settings: Settings, stop: str) -> None:
        self._console = Console(highlight=False, soft_wrap=True)
        self._home = home
        self._settings = settings
        self._stop = stop
        self._first_time = not home.state().get("administrator")
        self._spinner: Status | None = None

    def show(self, event: dict[str, Any]) -> None:
        """Show one event of `progress`."""
        kind = event["event"]
        if kind == STEP_BEGINS and self._console.is_terminal:
            self._spinner = self._console.status(f"{event['title']} …")
            self._spinner.start()
        elif kind == STEP_DONE:
            self._rest()
            self._console.print(f"[green]✓[/] {event['title']} [dim]({event['seconds']} s)[/]")
        elif kind == PROBLEM:
            self._rest()
            self._console.print(f"[red]✗[/] {event['what']}", markup=True)
            self._console.print(event["remedy"], markup=False)
        elif kind == READY:
            self._greet()

    def _rest(self) -> None:
        if self._spinner:
            self._spinner.stop()
            self._spinner = None

    def _greet(self) -> None:
        password = (
            self._home.secrets()["administrator"]
            if self._first_time
            else "as set at the first start (secrets.json; learningcity ckan user setpass admin)"
        )
        lines = {
            "Address": self._settings.site_url,
            "Administrator": ADMINISTRATOR,
            "Password": password,
            "To stop": self._stop,
        }
        self._console.print()
        for name, value in lines.items():
            self._console.print(f"  {name + ':':<15}{value}", markup=False)
