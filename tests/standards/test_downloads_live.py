"""Downloads from a real server: the code on the pages runs as it is pasted, in a real shell."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import sync_playwright

from ckanext.learningcity.runtime.environment import for_ckan
from ckanext.learningcity.runtime.ports import free_port

CHROMIUM = shutil.which("chromium")
START_SECONDS = 90


@pytest.fixture(scope="module")
def server(reset_db, pytestconfig, tmp_path_factory):
    """Serve the test database on a free port and return the address."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    folder = tmp_path_factory.mktemp("server")
    settings = Path(pytestconfig.option.ckan_ini).read_text(encoding="utf-8")
    ini = folder / "server.ini"
    ini.write_text(re.sub(r"(ckan.site_url =).*", rf"\1 {address}", settings), encoding="utf-8")
    command = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--threads", "4"]
    with (folder / "log").open("w+") as log:
        process = subprocess.Popen(
            [*command, "ckanext.learningcity.wsgi:application"],
            env=for_ckan(ini),
            stdout=log,
            stderr=log,
        )
        try:
            await_answer(process, f"{address}/api/3/action/status_show")
            yield address
        finally:
            process.terminate()
            process.wait(timeout=30)
            log.seek(0)
            print(log.read())  # pytest shows it where a test has failed


def await_answer(process: subprocess.Popen[bytes], address: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None, "the server ended"
        try:
            urllib.request.urlopen(address, timeout=10).close()
        except (urllib.error.URLError, TimeoutError):
            time.sleep(0.2)
        else:
            return
    pytest.fail(f"no answer within {START_SECONDS} s")


def codes(address: str) -> dict[str, str]:
    """Return the code on a page by its language."""
    with urllib.request.urlopen(address) as answer:
        page = BeautifulSoup(answer.read(), "html.parser")
    return {
        figure.figcaption.strong.get_text(): figure.pre.get_text()
        for figure in page.select(".lc-code figure")
        if figure.figcaption.strong
    }


@pytest.mark.parametrize(
    ("path", "rows"),
    [
        ("/indicator/ADULT_LITERACY?area=TH-57", 2),
        ("/dataset/downloads-city", 5),
        ("/dataset/downloads-city/release/1", 4),
    ],
)
def test_the_code_on_a_page_reads_what_the_page_shows(server, published, tmp_path, path, rows):
    found = codes(server + path)
    ran = subprocess.run(
        [sys.executable, "-c", found["Python"] + "\nprint(observations.height)"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout.splitlines()[-1] == str(rows)
    if shutil.which("curl"):
        subprocess.run(found["curl"], shell=True, cwd=tmp_path, check=True)  # noqa: S602 - as pasted
        [saved] = tmp_path.iterdir()
        assert saved.read_bytes().startswith(b"\xef\xbb\xbfINDICATOR,")
        assert len(saved.read_bytes().splitlines()) == rows + 1
    if shutil.which("Rscript"):
        script = found["R"] + "\ncat(nrow(observations))"
        ran = subprocess.run(["Rscript", "-e", script], capture_output=True, text=True, check=True)
        assert ran.stdout.splitlines()[-1].endswith(str(rows))


def test_polars_reads_a_stored_file_by_its_parts(server, published):
    """It asks for the end of the file first, and then for the columns that it needs."""
    address = f"{server}/dataset/{published}/release/2.parquet"
    reading = f"import polars; print(polars.scan_parquet({address!r}).collect().height)"
    command = [sys.executable, "-c", reading]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "5"


@pytest.mark.browser
@pytest.mark.skipif(not CHROMIUM and not os.environ.get("CI"), reason="Chromium is missing")
class TestInBrowser:
    @pytest.fixture(params=[390, 1280], ids=["phone", "desktop"])
    def tab(self, request):
        with sync_playwright() as playwright:
            chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
            context = chromium.new_context(viewport={"width": request.param, "height": 900})
            page = context.new_page()
            page.problems = []
            page.on("pageerror", lambda error: page.problems.append(str(error)))
            page.on(
                "console", lambda line: line.type == "error" and page.problems.append(line.text)
            )
            yield page
            chromium.close()

    def test_no_page_is_wider_than_the_screen_and_code_is_copied(self, server, published, tab):
        for path in ("", "/releases", "/release/2"):
            tab.problems.clear()  # core's own pages ask other sites for pictures
            tab.goto(f"{server}/th/dataset/{published}{path}")
            wide = tab.evaluate("document.documentElement.scrollWidth")
            assert wide <= tab.viewport_size["width"], path
        tab.goto(f"{server}/en/dataset/{published}/release/2")
        tab.get_by_text("Read it from Python, R or curl").click()
        tab.evaluate("() => document.addEventListener('copy', () => { window.copied = true })")
        tab.get_by_role("button", name="Copy curl").click()
        tab.get_by_role("button", name="Copied").wait_for()
        assert tab.problems == []
