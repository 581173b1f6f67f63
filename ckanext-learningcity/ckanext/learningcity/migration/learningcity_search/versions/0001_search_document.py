"""The search table.

Revision ID: 0001
"""

from __future__ import annotations

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLE = """
CREATE TABLE learningcity_search_document (
    index_id text PRIMARY KEY,
    site_id text,
    id text,
    name text,
    entity_type text,
    dataset_type text,
    state text,
    capacity text,
    organization text,
    metadata_created timestamptz,
    metadata_modified timestamptz,
    views_recent double precision,
    title_key text,
    permission_labels text[] NOT NULL,
    extent box,
    facets text[] NOT NULL,
    keywords jsonb NOT NULL,
    words tsvector NOT NULL,
    head tsvector NOT NULL,
    field_words tsvector NOT NULL,
    stored jsonb NOT NULL,
    data_dict text,
    validated_data_dict text
) WITH (toast_tuple_target = 1536)
"""

# Counting and ranking read every hit: what they read stays in the row, the long columns move out.
IN_ROW = (
    *("site_id", "id", "name", "entity_type", "dataset_type", "state", "capacity", "organization"),
    *("title_key", "permission_labels", "facets", "head"),
)

# What filters cut down by most, and the two orders in which CKAN lists everything.
INDEXES = (
    "(id)",
    "(name)",
    "(organization)",
    "(dataset_type)",
    "(metadata_modified DESC NULLS LAST, index_id)",
    "(title_key, index_id)",
    "USING gin (permission_labels)",
    "USING gin (facets)",
    "USING gin (keywords jsonb_path_ops)",
    "USING gin (words)",
    "USING gin (field_words)",
    "USING gist (extent)",
)


def upgrade() -> None:
    """Create the table and its indexes; `ckan search-index rebuild` fills it."""
    op.execute(TABLE)
    storage = ", ".join(f"ALTER COLUMN {name} SET STORAGE MAIN" for name in IN_ROW)
    op.execute(f"ALTER TABLE learningcity_search_document {storage}")
    for columns in INDEXES:
        op.execute(f"CREATE INDEX ON learningcity_search_document {columns}")


def downgrade() -> None:
    """Drop the table; the datasets themselves are elsewhere."""
    op.execute("DROP TABLE learningcity_search_document")
