"""One portal with the demonstration content, as `make up` gives it, for every test of this room.

It is shared by the workers of a session. To try the tests on a portal that runs already, name its
state folder: `LEARNINGCITY_ACCEPTANCE=.learningcity pytest tests/acceptance`; they publish there.
"""

from __future__ import annotations

import fcntl
import json
import os
import pickle
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from acceptance import crawling
from acceptance.keyboard import Keyboard
from acceptance.life import Life, live
from playwright.sync_api import Browser, sync_playwright
from processes.machine import Machine

from ckanext.learningcity.runtime.home import Home
from ckanext.learningcity.runtime.ports import free_port

CHROMIUM = shutil.which("chromium")


@pytest.fixture(scope="session")
def shared(tmp_path_factory) -> Path:
    """The folder that all workers of a session see."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base


@pytest.fixture(scope="session")
def machine(shared) -> Iterator[Machine]:
    """The running portal."""
    if own := os.environ.get("LEARNINGCITY_ACCEPTANCE"):
        home = Home(Path(own).resolve())
        yield Machine(home, int(os.environ.get("LEARNINGCITY_PORT", "5000")), {})
        return
    with _one_at_a_time(shared):
        state = _state(shared)
        if not state["users"]:
            state = {"users": 0, **_start()}
        _keep(shared, {**state, "users": state["users"] + 1})
    portal = Machine(Home(Path(state["folder"]) / "state"), state["port"], {})
    yield portal
    with _one_at_a_time(shared):
        state = _state(shared)
        _keep(shared, {**state, "users": state["users"] - 1})
        if state["users"] == 1:
            portal.run("down")
            shutil.rmtree(state["folder"])


def _start() -> dict[str, str | int]:
    folder = Path(tempfile.mkdtemp(prefix="learningcity-"))
    folder.chmod(0o711)  # the account that runs PostgreSQL walks through
    portal = Machine(Home(folder / "state"), free_port(), {})
    portal.up()
    return {"folder": str(folder), "port": portal.port}


@contextmanager
def _one_at_a_time(shared: Path) -> Iterator[None]:
    with (shared / "acceptance.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _state(shared: Path) -> dict:
    file = shared / "acceptance.json"
    return json.loads(file.read_text()) if file.exists() else {"users": 0}


def _keep(shared: Path, state: dict) -> None:
    (shared / "acceptance.json").write_text(json.dumps(state))


@pytest.fixture(scope="session")
def site(machine) -> str:
    """The portal's address, without a slash at its end."""
    return f"http://127.0.0.1:{machine.port}"


@pytest.fixture(scope="session")
def administrator(machine) -> tuple[str, str]:
    """Name and password of an account that may do everything."""
    return "admin", machine.home.secrets()["administrator"]


@pytest.fixture(scope="session")
def life(site, shared, administrator) -> Life:
    """What people did in the portal, once for all workers."""
    kept = shared / "life.pickle"
    with _one_at_a_time(shared):
        if not kept.exists():
            kept.write_bytes(pickle.dumps(live(site, administrator)))
        return pickle.loads(kept.read_bytes())  # noqa: S301 - our own, of this session


@pytest.fixture(scope="session")
def pages(site, shared, life) -> list[crawling.Answer]:
    """Every answer of a walk over the portal, which one worker takes for all."""
    kept = shared / "walk.pickle"
    with _one_at_a_time(shared):
        if not kept.exists():
            kept.write_bytes(pickle.dumps(crawling.walk(site)))
        return pickle.loads(kept.read_bytes())  # noqa: S301 - our own, of this session


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    if not CHROMIUM and not os.environ.get("CI"):
        pytest.skip("chromium is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(params=[("th", 390), ("en", 1280)], ids=["phone-th", "desktop-en"])
def reader(chromium, site, request) -> Iterator[Keyboard]:
    """A reader with a keyboard; scripts that fail make the test fail."""
    language, width = request.param
    context = chromium.new_context(
        viewport={"width": width, "height": 900},
        reduced_motion="reduce",
        permissions=["clipboard-read", "clipboard-write"],
    )
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.set_default_timeout(60_000)
    yield Keyboard(page, site, language)
    context.close()
    assert problems == []
