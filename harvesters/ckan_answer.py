"""The envelope of CKAN's action API: `{"success": true, "result": …}`, whatever the status."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from .base import Answer
from .errors import Changed, Refused, SourceError

if TYPE_CHECKING:
    from .session import Session

#: Statuses under which CKAN says what was wrong with the question.
TELLING = (400, 403, 404, 409)


def ask(session: Session, url: str, params: Mapping[str, str | int]) -> tuple[Answer, Any]:
    """Return an action's answer and the result in it.

    :raises Refused: CKAN, or a gateway before it, says that the question was wrong
    :raises Changed: the envelope is another
    """
    answer = session.get(url, params=params, accept=TELLING)
    try:
        content = answer.json()
    except SourceError:
        if answer.status in TELLING:
            raise Refused(f"HTTP {answer.status}", url=answer.url, status=answer.status) from None
        raise
    match content:
        case {"success": True, "result": result} if answer.status not in TELLING:
            return answer, result
        case {"success": False, "error": error}:
            raise Refused(_said(error), url=answer.url, status=answer.status)
        case {"message": str() as message}:
            raise Refused(message[:300], url=answer.url, status=answer.status)
    raise Changed('expected {"success": …, "result": …}', url=answer.url)


def _said(error: object) -> str:
    if not isinstance(error, Mapping):
        return str(error)[:300]
    words = [str(value) for key, value in error.items() if key != "__type"]
    return f"{error.get('__type') or 'error'}: {'; '.join(words)}"[:300]
