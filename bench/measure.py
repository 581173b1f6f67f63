"""How the measurements are taken and told."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import psutil

REPEATS = 50
_WIDTH = 56


@dataclass(frozen=True)
class Taken:
    """What a piece of work took: seconds on the clock, and of processor time with the servers'."""

    seconds: float
    processor: float


def timed(work: Callable[[], Any]) -> tuple[Any, Taken]:
    """Return what `work` gave, and what it took."""
    start, busy = time.perf_counter(), _busy()
    result = work()
    return result, Taken(time.perf_counter() - start, _busy() - busy)


def latency(title: str, work: Callable[[], Any], repeats: int = REPEATS) -> tuple[str, float]:
    """Return a line with the median of some calls, the first one not counted, and its ms."""
    work()
    clock, busy = [], []
    for _ in range(repeats):
        start, own = time.perf_counter(), time.process_time()
        work()
        clock.append(time.perf_counter() - start)
        busy.append(time.process_time() - own)
    median, own = (statistics.median(times) * 1000 for times in (clock, busy))
    line = (
        f"{title:<{_WIDTH}} p50 {median:8.1f} ms, least {min(clock) * 1000:.1f}, own CPU {own:.1f}"
    )
    return line, median


def rate(title: str, rows: int, taken: Taken) -> str:
    """Return a line with rows a second."""
    return (
        f"{title:<{_WIDTH}} {rows:>10,} rows {taken.seconds:8.2f} s (CPU {taken.processor:.2f} s)"
        f" {rows / taken.seconds:>12,.0f} rows/s"
    )


@dataclass(frozen=True)
class Download:
    """A download: rows a second, milliseconds to the first byte, MiB that the process grew by."""

    line: str
    rows: float
    first: float
    grown: float


def download(title: str, rows: int, ask: Callable[[], Iterable[bytes]]) -> Download:
    """Read all that `ask` gives."""
    process, first, size = psutil.Process(), 0.0, 0
    before = peak = process.memory_info().rss
    start, busy = time.perf_counter(), _busy()
    for number, chunk in enumerate(ask()):
        first = first or time.perf_counter() - start
        size += len(chunk)
        if number % 16 == 0:
            peak = max(peak, process.memory_info().rss)
    taken = Taken(time.perf_counter() - start, _busy() - busy)
    grown = (peak - before) / 1024**2
    line = (
        f"{rate(title, rows, taken)}, first byte {first * 1000:.0f} ms,"
        f" {size / 1e6:.0f} MB, memory +{grown:.0f} MiB"
    )
    return Download(line, rows / taken.seconds, first * 1000, grown)


def budget(title: str, found: float, limit: float, unit: str, *, most: bool = True) -> str:
    """Return a line that says whether a budget is met.

    :param most: `limit` is the most that may be found, else the least
    """
    met = found <= limit if most else found >= limit
    sign = "<=" if most else ">="
    return (
        f"  {'met   ' if met else 'MISSED'} {title:<{_WIDTH}} {found:10.2f} {sign} {limit:g} {unit}"
    )


def _busy() -> float:
    """Return the processor seconds of this process and of the servers that it started."""
    process = psutil.Process()
    total = 0.0
    for one in (process, *process.children(recursive=True)):
        try:
            times = one.cpu_times()
        except psutil.NoSuchProcess:  # a server's worker that has just ended
            continue
        total += times.user + times.system
    return total
