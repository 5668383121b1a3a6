"""Where in the history of a table a build stands."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Taken:
    """How far the builds have come with a table: the snapshot of it that the last one read."""

    snapshot: str | None
    """Id, decimal text; None: the table had none."""
    sequence_number: int
    """Its place among all snapshots, which it outlives."""


@dataclass(frozen=True)
class Pin(Taken):
    """A table at one snapshot."""

    metadata: str
    """Path of the metadata.json in which that snapshot is the current one."""
