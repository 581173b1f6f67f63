"""The WSGI application, for gunicorn: `CKAN_INI` names its configuration."""

from __future__ import annotations

import os

from ckan.cli import load_config
from ckan.config.middleware import make_app
from ckan.lib import webassets_tools

application = make_app(load_config(os.environ["CKAN_INI"]))

# Two first readers would build the same file at once, and one of them would be told that it failed.
for bundle in webassets_tools.env:
    bundle.urls()
