"""Where a replay is written down once it is decided, so that whoever comes next can do it to its end."""

import json
import os
from pathlib import Path
from typing import Any, Protocol

from pyiceberg.catalog import Catalog
from pyiceberg.table import Table

from naap_lake.catalogs.settings import is_shared
from naap_lake.file_io import fsync_path, place_of
from naap_lake.ops import home_of
from naap_lake.tables import EVENTS, ensure_table


class RedoLog(Protocol):
    """One replay, or none. Each of these is durable and done whole, or not at all."""

    def read(self) -> dict[str, Any] | None: ...

    def write(self, redo: dict[str, Any]) -> None: ...

    def remove(self) -> None: ...


def redo_log_of(args: dict[str, Any], catalog: Catalog) -> RedoLog:
    """That of the lake that the args of an op name."""
    if is_shared(args):
        return LakeRedoLog(ensure_table(catalog, EVENTS, for_sink=True))
    return HomeRedoLog(home_of(args))


class HomeRedoLog:
    """`lake/replay.json` of a home."""

    def __init__(self, home: Path):
        self._path = home / "lake" / "replay.json"

    def read(self) -> dict[str, Any] | None:
        try:
            return json.loads(self._path.read_text())
        except FileNotFoundError:
            return None

    def write(self, redo: dict[str, Any]) -> None:
        part = self._path.with_suffix(".part")
        with open(part, "w") as file:
            json.dump(redo, file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, self._path)
        fsync_path(str(part.parent))

    def remove(self) -> None:
        self._path.unlink()
        fsync_path(str(self._path.parent))


class LakeRedoLog:
    """A file beside the metadata of `events`, where every machine finds it. A store of objects puts it there whole."""

    def __init__(self, events: Table):
        self._filesystem, self._path = place_of(events.io, f"{events.location()}/metadata/naap-replay.json")

    def read(self) -> dict[str, Any] | None:
        try:
            with self._filesystem.open_input_stream(self._path) as file:
                return json.loads(file.readall())
        except FileNotFoundError:
            return None

    def write(self, redo: dict[str, Any]) -> None:
        part = f"{self._path}.part"
        with self._filesystem.open_output_stream(part) as file:
            file.write(json.dumps(redo).encode())
        self._filesystem.move(part, self._path)

    def remove(self) -> None:
        self._filesystem.delete_file(self._path)
