"""Programs that read a CSV of observations, to be pasted as they are.

Every column comes as text, and values as numbers: guessing would make `F` (female) a logical value
in R, and a year out of one column and a quarter out of the next.
"""

from __future__ import annotations

import json
import shlex
from typing import NamedTuple
from urllib.parse import quote

_PYTHON = """\
# pip install polars
from urllib.request import urlopen

import polars as pl

with urlopen({url}) as answer:
    observations = pl.read_csv(
        answer.read(), infer_schema=False, schema_overrides={{"OBS_VALUE": pl.Float64}}
    )
print(observations)
"""

_R = """\
observations <- read.csv(
  {url},
  fileEncoding = "UTF-8-BOM", na.strings = "", colClasses = "character"
)
observations$OBS_VALUE <- as.numeric(observations$OBS_VALUE)
str(observations)
"""

_CURL = "curl --fail --location --compressed --remote-name --remote-header-name {url}\n"

#: Everything that stands in an address as it is; quotes and backslashes never do.
_ADDRESS = "%/:?#[]@!$&()*+,;=~"


class Snippet(NamedTuple):
    """A program in `language`, as a person calls it."""

    language: str
    code: str


def snippets(url: str) -> list[Snippet]:
    """Return programs that read the CSV at `url`, absolute."""
    safe = quote(url, safe=_ADDRESS)
    quoted = json.dumps(safe)
    return [
        Snippet("Python", _PYTHON.format(url=quoted)),
        Snippet("R", _R.format(url=quoted)),
        Snippet("curl", _CURL.format(url=shlex.quote(safe))),
    ]
