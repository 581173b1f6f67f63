"""One adapter for each partner agency, in plain Python without CKAN."""

from .registry import build, source, sources
from .session import Session

__all__ = ["Session", "build", "source", "sources"]
