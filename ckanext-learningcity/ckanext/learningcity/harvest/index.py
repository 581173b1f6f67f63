"""Many datasets into the search index at once."""

from __future__ import annotations

from collections.abc import Sequence

from ckan.lib.search.index import PackageSearchIndex
from ckan.logic import package_show_default_and_custom_schemas
from ckan.types import Context


def update(dataset_ids: Sequence[str | None]) -> None:
    """Index datasets as they stand in the database."""
    index = PackageSearchIndex()
    for dataset_id in dataset_ids:
        if dataset_id is None:
            continue
        context = Context(ignore_auth=True)
        plain, custom = package_show_default_and_custom_schemas(context, dataset_id)
        index.index_package({**plain, "with_custom_schema": custom}, defer_commit=True)
    index.commit()
