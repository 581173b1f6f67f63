"""`Ref` and `Document` as JSON text, so that a job can stop between stages and go on later."""

from __future__ import annotations

import base64
import json
import zlib
from datetime import datetime
from typing import Any

from .base import Answer, Document, Ref


def pack_ref(ref: Ref) -> str:
    """Return `ref` as JSON text."""
    return json.dumps(_ref_dict(ref), ensure_ascii=False)


def unpack_ref(text: str) -> Ref:
    """Return the `Ref` that `pack_ref` wrote."""
    return _ref(json.loads(text))


def pack_document(document: Document) -> str:
    """Return `document` as JSON text; bodies are compressed."""
    packed = {
        "ref": _ref_dict(document.ref),
        "answers": [_answer_dict(answer) for answer in document.answers],
        "version": document.version,
    }
    return json.dumps(packed, ensure_ascii=False)


def unpack_document(text: str) -> Document:
    """Return the `Document` that `pack_document` wrote."""
    packed = json.loads(text)
    answers = tuple(_answer(answer) for answer in packed["answers"])
    return Document(_ref(packed["ref"]), answers, packed["version"])


def _ref_dict(ref: Ref) -> dict[str, Any]:
    return {**vars(ref), "answer": _answer_dict(ref.answer) if ref.answer else None}


def _ref(packed: dict[str, Any]) -> Ref:
    answer = packed["answer"]
    return Ref(**{**packed, "answer": _answer(answer) if answer else None})


def _answer_dict(answer: Answer) -> dict[str, Any]:
    body = base64.b64encode(zlib.compress(answer.body)).decode("ascii")
    return {**vars(answer), "body": body, "retrieved": answer.retrieved.isoformat()}


def _answer(packed: dict[str, Any]) -> Answer:
    body = zlib.decompress(base64.b64decode(packed["body"]))
    retrieved = datetime.fromisoformat(packed["retrieved"])
    return Answer(**{**packed, "body": body, "retrieved": retrieved})
