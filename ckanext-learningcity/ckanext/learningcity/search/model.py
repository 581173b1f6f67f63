"""The one table behind the search."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TSVECTOR


class Box(sa.types.UserDefinedType[str]):
    """PostgreSQL's ``box``, written ``((minx,miny),(maxx,maxy))``."""

    cache_ok = True

    def get_col_spec(self, **_kw: Any) -> str:
        """The type's name in SQL."""
        return "box"


# Its own MetaData: CKAN's test fixtures and `db clean` empty every table they know of, and an
# index is cleared by `search-index clear`, as Solr's is.
metadata = sa.MetaData()

document = sa.Table(
    "learningcity_search_document",
    metadata,
    sa.Column("index_id", sa.Text, primary_key=True),
    # Columns of their own for what nearly every query filters or sorts by.
    sa.Column("site_id", sa.Text),
    sa.Column("id", sa.Text),
    sa.Column("name", sa.Text),
    sa.Column("entity_type", sa.Text),
    sa.Column("dataset_type", sa.Text),
    sa.Column("state", sa.Text),
    sa.Column("capacity", sa.Text),
    sa.Column("organization", sa.Text),
    sa.Column("metadata_created", sa.DateTime(timezone=True)),
    sa.Column("metadata_modified", sa.DateTime(timezone=True)),
    sa.Column("views_recent", sa.Float),  # the order "popular", where tracking is on
    sa.Column("title_key", sa.Text),  # title in dictionary order, see thai.sort_key
    sa.Column("permission_labels", ARRAY(sa.Text), nullable=False),
    sa.Column("extent", Box),
    # "field=value" for the fields that are counted most; small, so that counting is one scan.
    sa.Column("facets", ARRAY(sa.Text), nullable=False),
    # {field: [values]}: exact filters, ranges, sorts and counts on any other field.
    sa.Column("keywords", JSONB, nullable=False),
    # Words with weights A to D; those of name, title, tags and groups again, small enough to
    # rank a hundred thousand by; and every word as "field:word".
    sa.Column("words", TSVECTOR, nullable=False),
    sa.Column("head", TSVECTOR, nullable=False),
    sa.Column("field_words", TSVECTOR, nullable=False),
    # What is handed back.
    sa.Column("stored", JSONB, nullable=False),
    sa.Column("data_dict", sa.Text),
    sa.Column("validated_data_dict", sa.Text),
)
