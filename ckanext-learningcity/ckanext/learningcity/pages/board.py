"""The secretariat's board."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from flask import Blueprint
from werkzeug.wrappers import Response

from .accounts import log_in_first
from .calls import call

board = Blueprint("learningcity_board", __name__)


@board.get("/board")
def index() -> str | Response:
    """Show what waits for whom."""
    if asked := log_in_first():
        return asked
    return tk.render("learningcity/board/index.html", call("learningcity_board"))
