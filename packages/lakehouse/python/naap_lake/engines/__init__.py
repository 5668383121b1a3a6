"""What a build needs of the engine that it runs on; one module an engine, and the one place that chooses among them."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol

from naap_lake.ops import home_of
from naap_lake.pins import Pin

if TYPE_CHECKING:
    from pyiceberg.catalog import Catalog


@dataclass(frozen=True)
class GoldState:
    """What gold is of."""

    build_id: str | None
    """None: of builds that found nothing."""
    watermark: str | None
    """ISO 8601, UTC, with milliseconds."""
    arrived_since: str | None = None
    """As `watermark`: 95 % of the events that the last build took came in then or later; None: it took none."""


class Engine(Protocol):
    """Where silver and gold are, and who computes them."""

    target: str
    """Of `dbt/profiles.yml`."""
    settings: dict[str, Any]
    """Variables of that target."""
    packages: tuple[str, ...]
    """Python packages whose version is part of what makes the numbers."""
    dialect: str
    """Its SQL, by sqlglot's name."""

    def attach(self, pins: Mapping[str, Pin], arrived: Mapping[str, list[str]]) -> bool:
        """Makes `bronze.<table>` what each table holds at its pin, and `bronze.arrived_<table>` the rows of its files in
        `arrived`.

        Answers whether any of bronze came from the simulator.
        """

    def state(self) -> GoldState | None:
        """None before the first good build."""

    def rows(self) -> dict[str, int]:
        """Rows of every table that outlives a build."""

    def close(self) -> None:
        """Lets go of what dbt holds."""


def open_engine(args: dict[str, Any], lake: "Catalog | None" = None) -> Engine:
    """The engine that the args of an op name: that of `trino`, on `lake`, else that of `home`."""
    if args.get("trino") is None:
        return import_module("naap_lake.engines.duckdb").DuckDb(home_of(args))
    engine = import_module("naap_lake.engines.trino")
    return engine.Trino(engine.trino_of(args), lake)
