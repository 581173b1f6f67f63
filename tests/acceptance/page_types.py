"""The kinds of page that the portal has: the one list.

A page that fits none of them is a kind of its own, named after the first part of its address, so
that every new page is walked, read and checked before anybody writes it down here.
"""

from __future__ import annotations

import re

PAGE_TYPES = {
    "home": "/",
    "about": "/about",
    "cities": "/city/?",
    "city": "/city/[^/]+",
    "indicators": "/indicator/?",
    "indicator": "/indicator/[^/]+",
    "data": "/dataset/?",
    "dataset": "/dataset/[^/]+",
    "resource": "/dataset/[^/]+/resource/[^/]+",
    "view": "/dataset/[^/]+/resource/[^/]+/view/[^/]*",
    "data dictionary": "/dataset/[^/]+/dictionary/.+",
    "releases": "/dataset/[^/]+/release/?",
    "release": "/dataset/[^/]+/release/[0-9]+",
    "difference": "/dataset/[^/]+/release/[0-9]+/.+",
    "activity": "/(dataset|organization)/activity/.+",
    "organizations": "/organization/?",
    "organization": "/organization/[^/]+",
    "about organization": "/organization/about/.+",
    "quality": "/quality",
    "sign in": "/user/login",
    "forgotten password": "/user/reset",
}

#: The first parts of addresses of what the cities do together; the other pages are about data.
NETWORK = frozenset(
    [
        *("academy", "adoption", "award", "booster", "evaluation", "event", "forum", "innovation"),
        *("innovation-call", "learning-path", "learning-resource", "learning-space", "network"),
        *("problem", "research", "spaces", "week"),
    ]
)


def page_type(path: str) -> str:
    """Return the kind of page at a path without its language: `city` for `/city/TH-56`."""
    for name, pattern in PAGE_TYPES.items():
        if re.fullmatch(pattern, path):
            return name
    parts = [part for part in path.split("/") if part]
    return "/".join([parts[0], *("…" for _ in parts[1:])])


def is_of_the_network(kind: str) -> bool:
    """Whether a kind of page shows what cities do together."""
    return kind.split("/", maxsplit=1)[0] in NETWORK
