"""Gold of a lake that machines share for the sync: tables that ClickHouse reads itself, counted by Trino."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from naap_lake.catalogs import open_lake
from naap_lake.engines.trino import Trino, trino_of
from naap_lake.lake_builds import LakeBuilds

PINS = ("gold",)
"""With the build comes how it left each table: whoever asks on asks about that."""


def read_record(args: dict[str, Any]) -> dict[str, Any] | None:
    with open_lake(args) as catalog:
        return LakeBuilds(catalog).read_build()


@contextmanager
def open_gold(args: dict[str, Any]) -> Iterator["LakeGold"]:
    """`args.gold`: of the state that was answered."""
    with open_lake(args) as catalog:
        yield LakeGold(Trino(trino_of(args), catalog), args["gold"])


class LakeGold:
    """Nothing that is built later changes it: each table is read at its snapshot."""

    def __init__(self, engine: Trino, pins: dict[str, dict[str, str]]):
        self._engine = engine
        self._pins = pins

    def table(self, name: str) -> str:
        return f"gold.{name} for version as of {int(self._pins[name]['snapshot'])}"

    def query(self, sql: str) -> list[list[Any]]:
        return self._engine.query(sql)

    def rows_of(self, name: str, days: list[str], sparse: list[str], condition: str) -> dict[str, Any]:
        only = {} if condition == "true" else {"only": condition}
        return {**self.all_rows(name), "days": days, "sparse": sparse, **only}

    def all_rows(self, name: str) -> dict[str, Any]:
        return {"metadata": self._pins[name]["metadata"]}
