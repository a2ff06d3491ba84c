"""The inbox room: the database: migrations, every SQL statement, search, the event chain."""
