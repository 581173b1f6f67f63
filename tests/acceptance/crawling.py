"""A walk over the portal from its home pages, following every link to itself."""

from __future__ import annotations

import os
import re
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import urldefrag, urljoin, urlsplit

import requests
from acceptance.page_types import page_type
from bs4 import BeautifulSoup

LANGUAGES = ("th", "en")
#: Pages of one kind that are read in each language; `LEARNINGCITY_CRAWL=all` reads every one.
SAMPLE = None if os.environ.get("LEARNINGCITY_CRAWL") == "all" else 3
#: Addresses that act, or that lead out of what a reader reads: robots.txt keeps the same ones out.
AVOID = re.compile("/user/(?!login|reset)|/api/(?!openapi)|/(un)?follow|/datastore/api_info")
LINKS = (("a", "href"), ("link", "href"), ("img", "src"), ("script", "src"), ("iframe", "src"))
THREADS = 4
TIMEOUT_SECONDS = 60


@dataclass(frozen=True)
class Answer:
    """What the portal answered at an address."""

    url: str
    status: int
    mime_type: str
    body: bytes = field(repr=False)
    found_on: str

    @property
    def language(self) -> str:
        """`th`, `en`, or nothing where the address names none."""
        return split_language(self.url)[0]

    @property
    def path(self) -> str:
        return split_language(self.url)[1]

    @property
    def kind(self) -> str:
        return page_type(self.path)

    @property
    def is_page(self) -> bool:
        return self.mime_type == "text/html" and self.status == 200

    @cached_property
    def parsed(self) -> BeautifulSoup:
        return BeautifulSoup(self.body, "lxml")


def split_language(url: str) -> tuple[str, str]:
    """Return the language that an address names, if any, and its path without that."""
    path = urlsplit(url).path
    found = re.fullmatch("/(th|en)(/.*)?", path)
    return (found[1], found[2] or "/") if found else ("", path or "/")


def one_of_each(answers: list[Answer], language: str) -> dict[str, Answer]:
    """Return a page of each kind in a language: the longest, which has most that can be wrong."""
    chosen: dict[str, Answer] = {}
    for page in answers:
        if page.is_page and page.language == language:
            known = chosen.get(page.kind)
            if known is None or len(page.body) > len(known.body):
                chosen[page.kind] = page
    return chosen


def walk(site: str) -> list[Answer]:
    """Return an answer for each address that the pages name, until none is new."""
    return _Walk(site).run()


class _Walk:
    def __init__(self, site: str) -> None:
        self.site = site
        self.answers: list[Answer] = []
        self.seen: set[str] = set()
        self.taken: Counter[tuple[str, str, bool]] = Counter()
        self.local = threading.local()

    def run(self) -> list[Answer]:
        wanted = [(f"{self.site}/{language}/", "") for language in LANGUAGES]
        with ThreadPoolExecutor(THREADS) as pool:
            while wanted:
                round_ = [one for one in wanted if self._wants(one[0])]
                answers = list(pool.map(self._ask, round_))
                self.answers += answers
                wanted = [link for answer in answers for link in self._links(answer)]
        return self.answers

    def _wants(self, url: str) -> bool:
        """Whether `url` is new and of a kind of which not enough has been read."""
        if url in self.seen:
            return False
        self.seen.add(url)
        language, path = split_language(url)
        kind = (language, page_type(path), bool(urlsplit(url).query))
        self.taken[kind] += 1
        # Without a language the pages are the Thai ones again.
        return SAMPLE is None or self.taken[kind] <= (SAMPLE if language else 1)

    def _ask(self, asked: tuple[str, str]) -> Answer:
        url, found_on = asked
        if not hasattr(self.local, "session"):
            self.local.session = requests.Session()
        reply = self.local.session.get(url, timeout=TIMEOUT_SECONDS)
        mime_type = reply.headers.get("Content-Type", "").partition(";")[0]
        return Answer(reply.url, reply.status_code, mime_type, reply.content, found_on)

    def _links(self, answer: Answer) -> Iterator[tuple[str, str]]:
        if not answer.is_page:
            return
        for name, attribute in LINKS:
            for element in answer.parsed.find_all(name):
                target = element.get(attribute)
                if not target or "nofollow" in (element.get("rel") or ()):
                    continue
                url = urldefrag(urljoin(answer.url, target)).url
                if url.startswith(f"{self.site}/") and not AVOID.search(url):
                    yield url, answer.url
