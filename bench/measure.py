"""How the measurements are taken and told."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterable
from typing import Any

import psutil

REPEATS = 50


def timed(work: Callable[[], Any]) -> tuple[Any, float]:
    """Return what `work` gave, and its seconds."""
    start = time.perf_counter()
    return work(), time.perf_counter() - start


def latency(title: str, work: Callable[[], Any]) -> str:
    """Return a line with the median of `REPEATS` calls, the first one not counted."""
    work()
    seconds = [timed(work)[1] for _ in range(REPEATS)]
    return f"{title:<48} p50 {statistics.median(seconds) * 1000:8.1f} ms"


def rate(title: str, rows: int, seconds: float) -> str:
    """Return a line with rows a second."""
    return f"{title:<48} {rows:>10,} rows {seconds:8.2f} s {rows / seconds:>12,.0f} rows/s"


def download(title: str, rows: int, chunks: Iterable[bytes], start: float) -> str:
    """Return a line with rows a second, the wait for the first byte, and the memory it took.

    :param start: `time.perf_counter()` from before the request
    """
    process, first, size = psutil.Process(), None, 0
    before = peak = process.memory_info().rss
    for number, chunk in enumerate(chunks):
        first = first or time.perf_counter() - start
        size += len(chunk)
        if number % 16 == 0:
            peak = max(peak, process.memory_info().rss)
    seconds = time.perf_counter() - start
    told = rate(title, rows, seconds)
    grown = (peak - before) / 1024**2
    return f"{told}  first byte {(first or 0) * 1000:.0f} ms, {size / 1e6:.0f} MB, +{grown:.0f} MiB"
