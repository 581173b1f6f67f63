"""From what somebody wrote to what others read: CKAN's own Markdown, cleaned by its sanitiser.

Pictures are left out: one at another place would tell that place who reads the forum.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib.helpers import render_markdown
from markupsafe import Markup, escape

#: Accounts that one post may mention by mail; more would be a way to send bulk mail.
MOST_MENTIONS = 10

_TAG = re.compile(r"(<[^>]*>)")
_PICTURE = re.compile(r"<img\b[^>]*>")
_MENTION = re.compile(r"(?<![\w@/.&#-])@([a-z0-9_-]{2,100})")
_UNTOUCHED = re.compile(r"</?(a|code|pre)\b")


def html(body: str) -> Markup:
    """Return a post as HTML; accounts that it mentions become links."""
    rendered = _rendered(body)
    known = _accounts(_names(rendered))

    def link(found: re.Match[str]) -> str:
        user = known.get(found[1])
        if user is None:
            return found[0]
        if user.state != model.State.ACTIVE:
            return "@" + str(escape(tk._("deleted account")))
        address = tk.url_for("user.read", id=user.name, locale="default", qualified=True)
        return f'<a class="lc-mention" href="{escape(address)}">@{user.name}</a>'

    return Markup(_in_text(rendered, lambda text: _MENTION.sub(link, text)))  # noqa: S704 - cleaned


def mentioned(body: str) -> list[str]:
    """Return the ids of the accounts that a post mentions, `MOST_MENTIONS` at most."""
    names = _names(_rendered(body))
    known = _accounts(names)
    found = [known[name] for name in names if name in known]
    return [user.id for user in found if user.state == model.State.ACTIVE][:MOST_MENTIONS]


def _rendered(body: str) -> str:
    # Not the helper of pages, which says the language: the same for every reader, also the API.
    return _PICTURE.sub("", str(render_markdown(body)))


def _names(rendered: str) -> list[str]:
    names: dict[str, None] = {}

    def note(text: str) -> str:
        names.update(dict.fromkeys(_MENTION.findall(text)))
        return text

    _in_text(rendered, note)
    return list(names)


def _in_text(rendered: str, change: Callable[[str], str]) -> str:
    """Change the text of HTML, but not its tags, its links and its code."""
    parts, inside = [], 0
    for part in _TAG.split(rendered):
        if part.startswith("<"):
            if _UNTOUCHED.match(part):
                inside += -1 if part.startswith("</") else 1
            parts.append(part)
        else:
            parts.append(part if inside else change(part))
    return "".join(parts)


def _accounts(names: list[str]) -> dict[str, model.User]:
    users = model.Session.query(model.User).filter(model.User.name.in_(names)) if names else ()
    return {user.name: user for user in users}
