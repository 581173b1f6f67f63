"""The secretariat's board."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from flask import Blueprint
from werkzeug.wrappers import Response

from .calls import call

board = Blueprint("learningcity_board", __name__)


@board.get("/board")
def index() -> str | Response:
    """Show what waits for whom."""
    if not tk.current_user.is_authenticated:
        return tk.redirect_to("user.login", came_from=tk.request.full_path)
    return tk.render("learningcity/board/index.html", call("learningcity_board"))
