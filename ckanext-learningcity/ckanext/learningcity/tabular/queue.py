"""When uploaded tables are loaded: after a file has changed, on request, and after a crash."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
import redis
import sqlalchemy as sa
from ckan.model import package_table, resource_table
from ckan.model.task_status import task_status_table as task
from ckan.types import Context

from ckanext.learningcity.indicators.model import engine

from . import load, status, uploads
from .status import Status

log = logging.getLogger(__name__)


class TableQueue(p.SingletonPlugin):
    """Asks for a look at a resource whenever its file may have changed."""

    p.implements(p.IResourceController, inherit=True)

    def after_resource_create(self, _context: Context, resource: dict[str, Any]) -> None:
        """Load a new file."""
        look(resource)

    def after_resource_update(self, _context: Context, resource: dict[str, Any]) -> None:
        """Load another file; take away the table of what has become something else."""
        look(resource)


def look(resource: Mapping[str, Any]) -> None:
    """Put a job on the queue unless the status speaks of this very file."""
    last, wanted = status.get(resource["id"]), uploads.holds_table(resource)
    version = uploads.version(resource) if wanted else None
    if version != (last.version if last else None):
        ask(resource)


def ask(resource: Mapping[str, Any], *, again: bool = False) -> None:
    """Put a job for a resource on the queue, and say so in its status."""
    if uploads.holds_table(resource):
        last = status.get(resource["id"])
        version = uploads.version(resource)
        waiting = replace(last, state="waiting", version=version) if last else None
        status.put(resource["id"], waiting or Status("waiting", version))
    try:
        title = f"Table of resource {resource['id']}"
        tk.enqueue_job(load.load, [resource["id"]], {"again": again}, title=title)
    except redis.RedisError:  # the upload itself is safe, and `catch_up` comes by
        log.exception("The table of resource %s waits for a queue", resource["id"])


def catch_up() -> int:
    """Ask again for tables that a crash, a lost queue or an older version of the portal left out.

    :returns: how many jobs that makes
    """
    waited = timedelta(seconds=tk.config["ckan.jobs.timeout"])
    late = datetime.now(timezone.utc).replace(tzinfo=None) - waited
    stuck = sa.and_(task.c.state.in_(("waiting", "running")), task.c.last_updated < late)
    statement = (
        sa.select(resource_table.c.id)
        .join(package_table, package_table.c.id == resource_table.c.package_id)
        .outerjoin(
            task, sa.and_(task.c.entity_id == resource_table.c.id, task.c.task_type == status.TASK)
        )
        .where(
            resource_table.c.state == "active",
            package_table.c.state == "active",
            resource_table.c.url_type == "upload",
            sa.or_(task.c.id.is_(None), stuck),
        )
    )
    with engine().connect() as connection:
        ids = list(connection.scalars(statement))
    show = tk.get_action("resource_show")
    found = [show(Context(ignore_auth=True), {"id": resource_id}) for resource_id in ids]
    tables = [resource for resource in found if uploads.holds_table(resource)]
    for resource in tables:
        ask(resource)
    return len(tables)
