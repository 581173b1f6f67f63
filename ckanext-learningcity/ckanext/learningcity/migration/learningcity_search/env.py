"""Runs this plugin's migrations; CKAN calls it through `ckan db upgrade -p learningcity_search`."""

from __future__ import annotations

from pathlib import Path

from alembic import context
from sqlalchemy import engine_from_config, pool

PLUGIN = Path(__file__).parent.name

engine = engine_from_config(
    context.config.get_section(context.config.config_ini_section, {}),
    prefix="sqlalchemy.",
    poolclass=pool.NullPool,
)
with engine.connect() as connection:
    context.configure(connection=connection, version_table=f"{PLUGIN}_alembic_version")
    with context.begin_transaction():
        context.run_migrations()
