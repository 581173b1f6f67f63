"""A mark of all that the public can see."""

from __future__ import annotations

import sqlalchemy as sa
from ckan.model import group_table, package_table

from .model import release, withdrawal

group, package = group_table, package_table


def public_mark(connection: sa.Connection) -> str:
    """Return a text that differs whenever a release, dataset or organization has changed.

    It costs no more than counting the datasets, and says nothing about what is in them.
    """
    releases = sa.select(sa.func.count(), sa.func.max(release.c.released)).select_from(release)
    datasets = sa.select(
        sa.func.count().filter(package.c.private.is_(False)),
        sa.func.max(package.c.metadata_modified),
    ).where(package.c.state == "active")
    words = sa.func.concat_ws(" ", group.c.id, group.c.name, group.c.title, group.c.state)
    told = sa.func.concat(words, sa.cast(group.c.extras, sa.Text))
    groups = sa.select(sa.func.md5(sa.func.string_agg(told, sa.literal("\n")))).select_from(group)
    withdrawn = sa.select(sa.func.count()).select_from(withdrawal)
    found = [connection.execute(part).one() for part in (releases, datasets, groups, withdrawn)]
    return "/".join(str(value) for row in found for value in row)
