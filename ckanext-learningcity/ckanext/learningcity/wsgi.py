"""The WSGI application, for gunicorn: `CKAN_INI` names its configuration."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

import ckan.plugins.toolkit as tk
from ckan.authz import auth_functions_list
from ckan.cli import load_config
from ckan.config.middleware import make_app
from ckan.lib import webassets_tools

from ckanext.learningcity.core_thai import javascript

application = make_app(load_config(os.environ["CKAN_INI"]))

# Two workers, or two first readers, would build the same file at once, and one of them would fail.
built = Path(webassets_tools.get_webassets_path())
built.mkdir(parents=True, exist_ok=True)
with (built / ".lock").open("w") as lock:
    fcntl.flock(lock, fcntl.LOCK_EX)
    for bundle in webassets_tools.env:
        bundle.urls()
    javascript.build()
# CKAN fills its lists of actions and of auth functions at the first call, without a lock: where
# several threads call first, some find half a list and answer 500.
tk.get_action("status_show")
auth_functions_list()
