"""What all tables of the store are described in."""

from sqlalchemy import MetaData

METADATA = MetaData()
