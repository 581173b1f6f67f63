"""Pages that only people with an account see."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from werkzeug.wrappers import Response


def log_in_first() -> Response | None:
    """Send who is not logged in to the login page, and afterwards back here in their language."""
    if tk.current_user.is_authenticated:
        return None
    return tk.redirect_to("user.login", came_from=tk.url_for(tk.h.current_url()))
