"""`NAAP_HOME/warehouse`: what a home knows of its builds, and where an engine keeps what it has."""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol


class Builds(Protocol):
    """What is known of the builds of one lake."""

    def read_build(self) -> dict[str, Any] | None:
        """The last good build, as `build.run_build` writes it."""

    def begin(self) -> None:
        """Whoever began before records nothing any more; comes before all else that writes."""

    def write_build(self, record: dict[str, Any]) -> None: ...

    def is_half_made(self) -> bool:
        """Whether a full build began and none has come to its end since: the next one starts over."""

    def begin_anew(self) -> None: ...

    def made_anew(self) -> None: ...


@dataclass(frozen=True)
class Warehouse:
    """Paths of one home's warehouse, and the record of its last good build."""

    home: Path

    @property
    def directory(self) -> Path:
        return self.home / "warehouse"

    @property
    def build_record(self) -> Path:
        """The last good build: what `build.run_build` writes."""
        return self.directory / "build.json"

    @property
    def full_build_marker(self) -> Path:
        """There while a full build is under way."""
        return self.directory / "full-build"

    @property
    def export(self) -> Path:
        return self.directory / "export"

    def read_build(self) -> dict[str, Any] | None:
        try:
            return json.loads(self.build_record.read_text())
        except FileNotFoundError:
            return None

    def begin(self) -> None:
        """Whoever builds in a home holds its lock, which the kernel frees when it dies."""

    def write_build(self, record: dict[str, Any]) -> None:
        part = self.build_record.with_suffix(".part")
        with open(part, "w") as file:
            json.dump(record, file, indent=2)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, self.build_record)

    def is_half_made(self) -> bool:
        return self.full_build_marker.exists()

    def begin_anew(self) -> None:
        self.full_build_marker.touch()

    def made_anew(self) -> None:
        self.full_build_marker.unlink()
