"""Every table of the server, and the migrations that make them."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine

import server.access.models
import server.area.models
import server.audit.models
import server.broker.models
import server.card.models
import server.conflict.models
import server.directory.models
import server.distributor.models
import server.event.models
import server.feedback.models
import server.grant.models
import server.holder.models
import server.info.models
import server.limit.models
import server.message.models
import server.paperform.models
import server.report.models
import server.scan.models
import server.sheet.models
import server.signin.models
import server.venue.models
import server.visit.models
import server.wellbeing.models
import server.work.models  # noqa: F401 - importing the models declares their tables
from server.db import Base

METADATA = Base.metadata


def migrate(engine: Engine) -> None:
    """Bring the database to the newest schema; does nothing when it is there already."""
    with engine.begin() as connection:
        command.upgrade(migration_config(connection=connection), "head")


def migration_config(**attributes: object) -> Config:
    """Configure Alembic without a file."""
    config = Config(attributes=attributes)
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("file_template", "%%(year)d_%%(month).2d_%%(day).2d_%%(slug)s")
    return config
