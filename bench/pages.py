"""Measures the pages of a whole portal with the demonstration content, as `make up` starts it.

    python bench/pages.py                                    starts a portal, and removes it again
    python bench/pages.py --address http://127.0.0.1:5000    one that runs already

Fifty readers ask for a city's page again and again, each as soon as it has the answer; they share
the machine with the portal. Weights are what Chromium receives, compressed, after scrolling to each
picture, and with the library that draws a chart anew when the mouse comes to it.
"""

from __future__ import annotations

import argparse
import http.client
import os
import re
import shutil
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from measure import budget
from playwright.sync_api import Browser, Response, sync_playwright

from ckanext.learningcity.runtime.ports import free_port

READERS, EACH = 50, 20
CITY = "/city/TH-56"
PAGES = {
    "home": "/",
    "city": CITY,
    "indicator": "/indicator/ADULT_LITERACY",
    "search": "/dataset/",
    "comparison": "/compare?area=TH-56,TH-57,TH&indicator=ADULT_LITERACY,NEET,INTERNET_USERS",
    "explorer": "/explore?indicator=INTERNET_USERS&chart=map",
    "dataset": (".dataset-item h2 a",),  # what these links lead to, from the search
    "resource": (".dataset-item h2 a", ".resource-item a.heading"),
}
CHARTS = re.compile(
    r"/(chart|map|ranking|distribution|breakdown|multiples|scatter)\.(svg|json)|/vega\.js|/view/"
)
COMMAND = Path(sysconfig.get_path("scripts")) / "learningcity"


def main() -> None:
    """Print a table of measurements."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--address", help="of a portal that runs already")
    address = parser.parse_args().address
    print("\nPages", flush=True)
    if address:
        run(address)
    else:
        with portal() as started:
            run(started)


def run(address: str) -> None:
    """Print how fast and how heavy the pages of a portal are."""
    times, failed, seconds = crowd(address)
    middle, late = statistics.median(times), statistics.quantiles(times, n=20)[-1]
    print(
        f"city page, {READERS} readers at once: p50 {middle:.0f} ms, p95 {late:.0f} ms,"
        f" {len(times) / seconds:.0f} answers/s, {failed} errors"
    )
    print(budget("city page, p95 with 50 readers", late, 200, "ms"))
    print(budget("city page, errors", failed, 0, ""))
    chromium = shutil.which("chromium")
    if not chromium:
        print("Chromium is missing: the weight of pages is not measured")
        return
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for name, path in PAGES.items():
            led = path if isinstance(path, str) else follow(browser, address, path)
            plain, charts = weight(browser, address + led)
            print(budget(f"{name} page, without charts", plain, 300, "kB"))
            print(budget(f"{name} page, with charts", plain + charts, 1300, "kB"))
        browser.close()


def crowd(address: str) -> tuple[list[float], int, float]:
    """Return the milliseconds of each answer, how many were wrong, and the seconds of all."""
    times: list[float] = []
    wrong: list[str] = []
    start = threading.Barrier(READERS + 1)
    target = urlsplit(address)

    def read() -> None:
        line = http.client.HTTPConnection(target.hostname or "", target.port, timeout=60)
        line.connect()
        start.wait()
        for _ in range(EACH):
            asked = time.perf_counter()
            try:
                line.request("GET", CITY, headers={"Accept-Encoding": "gzip"})
                answer = line.getresponse()
                if answer.status != 200 or len(answer.read()) < 5_000:
                    wrong.append(str(answer.status))
            except (OSError, http.client.HTTPException) as error:
                wrong.append(repr(error))
                line.close()
            times.append((time.perf_counter() - asked) * 1000)
        line.close()

    warm(target, 8)
    threads = [threading.Thread(target=read) for _ in range(READERS)]
    for thread in threads:
        thread.start()
    start.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    return times, len(wrong), time.perf_counter() - began


def warm(target: SplitResult, times: int) -> None:
    """Ask often enough that each of the portal's processes has answered."""
    for _ in range(times):
        line = http.client.HTTPConnection(target.hostname or "", target.port, timeout=120)
        line.request("GET", CITY)
        line.getresponse().read()
        line.close()


def weight(browser: Browser, url: str) -> tuple[float, float]:
    """Return the kB that a first visit receives: without charts, and charts."""
    sizes = {True: 0, False: 0}
    page = browser.new_page(viewport={"width": 1280, "height": 900})

    answers: list[Response] = []

    def note(answer: Response) -> None:
        answers.append(answer)

    page.on("response", note)
    opened = page.goto(url)
    if not opened or not opened.ok:
        sys.exit(f"{url} answers {opened.status if opened else 'nothing'}")
    page.wait_for_load_state("networkidle")
    for shown in page.locator("img:visible").all():  # pictures come when a reader comes near them
        shown.scroll_into_view_if_needed()
        shown.evaluate("picture => picture.decode()")  # waits for it; fails if it does not come
    if (drawn := page.locator(".lc-chart[data-chart]:visible").first).count():
        drawn.hover()  # the library that draws it in the page comes with the mouse
        drawn.locator(".lc-live svg").wait_for()
    for answer in answers:
        chart = bool(CHARTS.search(answer.url))
        sizes[chart] += answer.request.sizes()["responseBodySize"]
    page.close()
    return sizes[False] / 1000, sizes[True] / 1000


def follow(browser: Browser, address: str, links: Iterable[str]) -> str:
    """Return the path that a reader comes to who follows links, from the list of tables."""
    page, path = browser.new_page(), "/dataset/?res_format=CSV"
    for link in links:
        page.goto(address + path)
        path = page.locator(link).first.get_attribute("href") or ""
    page.close()
    return path


@contextmanager
def portal() -> Iterator[str]:
    """Start a whole portal in a folder of its own on this machine; end and remove it afterwards."""
    with tempfile.TemporaryDirectory(prefix="learningcity-bench-") as folder:
        Path(folder).chmod(0o711)  # the account that runs PostgreSQL walks through it
        port = free_port()
        settings = {"LEARNINGCITY_HOME": f"{folder}/home", "LEARNINGCITY_PORT": str(port)}
        environment = {**os.environ, **settings, "DETACH": "1"}
        try:
            subprocess.run([COMMAND, "up"], env=environment, check=True, stdout=subprocess.DEVNULL)
            yield f"http://127.0.0.1:{port}"
        finally:
            subprocess.run(
                [COMMAND, "down"], env=environment, check=False, stdout=subprocess.DEVNULL
            )


if __name__ == "__main__":
    main()
