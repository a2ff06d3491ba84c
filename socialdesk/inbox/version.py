"""Inbox room: the schema's version, apart from the migrations so that an up-to-date inbox opens without them."""

SCHEMA_VERSION = 1
