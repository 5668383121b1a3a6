"""Runs messages through the dbt project and through the reference reading of kpis.md, and compares the two."""

import csv
import json
import math
import re
import sys
from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

sys.path.insert(0, str(Path(__file__).parent / "reference"))

import classify  # noqa: E402
from generate import generate, generate_rounds  # noqa: E402
from kpis import DIMENSIONS, Seeds  # noqa: E402
from reference import Result, iso, run  # noqa: E402

from naap_lake.build import run_build  # noqa: E402
from naap_lake.dbt_project import PROJECT, DbtProject  # noqa: E402
from naap_lake.engines.duckdb import DuckDb  # noqa: E402
from naap_lake.ops import Progress  # noqa: E402
from naap_lake.pins import Pin, Taken  # noqa: E402
from naap_lake.tables import TABLES  # noqa: E402
from naap_lake.warehouse import Warehouse  # noqa: E402

SLOT_DIMENSIONS = ("slot", *DIMENSIONS[1:])

TIMES = ("requested_at", "hour", "first_message_at", "last_message_at")

SCRAPE_PARTS = {
    "hourly": (
        "observations reachable refused masked response_n capacity_n in_use_n available_n response_sum capacity_sum "
        "in_use_sum available_sum busy_sum busy_capacity_sum"
    ).split(),
    "latency_hourly": ["n"],
    "readings_hourly": ["n", "total"],
}
"""Columns of the scraper's gold tables that add."""

EVENT_COLUMNS = {
    "event_id": "varchar", "type": "varchar", "subtype": "varchar", "event_ms": "bigint", "envelope_ms": "bigint",
    "gateway": "varchar", "stream_id": "varchar", "request_id": "varchar", "data": "varchar", "envelope": "varchar",
    "data_at": "bigint", "ingested_ms": "bigint", "offset": "bigint",
}

# What the scenarios of generate.py share, so that two of them in one warehouse would mix.
SHARED = re.compile(rb"0000(?=aaaa|bbbb|cccc|dddd)|(?i:orch-|stream-|other\.example)|0[xX]([a-fA-F])\1{39}")


def scenarios(seeds: range, size: int) -> list[bytes]:
    """Messages of many scenarios of at most `size` each, kept apart by names of their own."""

    def own(seed: int, shared: re.Match[bytes]) -> bytes:
        if shared[1]:
            return b"0x%05x" % (seed + 1) + shared[1] * 35
        return b"%04x" % (seed + 1) if shared[0] == b"0000" else b"s%d-" % seed + shared[0]

    return [SHARED.sub(lambda shared: own(seed, shared), raw) for seed in seeds for raw in generate(seed, size)]


def seeds() -> Seeds:
    """The tables of the dbt project, as the reference takes them."""

    def read(name: str) -> list[dict[str, str]]:
        with open(PROJECT / "seeds" / f"{name}.csv", newline="") as file:
            return list(csv.DictReader(file))

    return Seeds(
        regions={row["suffix"]: row["region"] for row in read("regions")},
        peak_flops={row["gpu"]: float(row["peak_tflops"]) * 1e12 for row in read("gpu_peak_flops")},
        flops_per_frame={row["model"]: float(row["tflops_per_frame"]) * 1e12 for row in read("model_flops")},
    )


class TableEngine(DuckDb):
    """DuckDB with bronze in a table of its own instead of a lake; its files are the messages that were added together."""

    def attach(self, pins: Mapping[str, Pin], arrived: Mapping[str, list[str]]) -> bool:
        with self.connect(lake=False) as connection:
            self.attach_operators(connection)
            for table, pin in pins.items():
                for name, condition in {
                    table: f"snapshot <= {pin.snapshot}",
                    f"arrived_{table}": f"snapshot in ({', '.join(arrived.get(table, ())) or 'null'})",
                }.items():
                    connection.execute(
                        f"create or replace view bronze.{name} as select * exclude (snapshot) from lake.{table} where {condition}"
                    )
        return False


class TableBronze:
    """What `TableEngine` has of bronze now."""

    def __init__(self, engine: TableEngine):
        with engine.connect(lake=False) as connection:
            (snapshot,) = connection.execute("select coalesce(max(snapshot), 0) from lake.batches").fetchone()
        self.pins = {spec.name: Pin(str(snapshot), snapshot, "") for spec in TABLES}

    def arrived(self, taken: Mapping[str, Taken], days=()) -> dict[str, list[str]]:
        return {
            name: [str(n + 1) for n in range(taken[name].sequence_number, pin.sequence_number)] for name, pin in self.pins.items()
        }


class Gold:
    """A warehouse with bronze tables instead of a lake."""

    def __init__(self, home: Path):
        self.home = home
        self.warehouse = Warehouse(home)
        self.scratch = home / "scratch.duckdb"
        self.engine = TableEngine(home, str(self.scratch))
        self.engine.prepare()
        self.offset = 0
        self.appends = 0
        self.snapshot = 0
        self.taken = {spec.name: Taken("0", 0) for spec in TABLES}
        with self.engine.connect() as connection:
            connection.execute("create schema lake")
            connection.execute("create schema bronze")
            connection.execute(
                """create table lake.events(event_id varchar, type varchar, subtype varchar, event_time timestamptz,
                envelope_time timestamptz, gateway varchar, stream_id varchar, request_id varchar, data varchar,
                envelope varchar, data_at integer, topic varchar, "partition" integer, "offset" bigint,
                ingested_at timestamptz, source varchar, snapshot integer)"""
            )
            connection.execute(
                """create table lake.quarantine(class varchar, reason varchar, raw blob, raw_sha256 varchar, topic varchar,
                "partition" integer, "offset" bigint, seen_at timestamptz, source varchar, snapshot integer)"""
            )
            connection.execute(
                """create table lake.batches(topic varchar, "partition" integer, "offset" bigint, received_at timestamptz,
                source varchar, "read" bigint, snapshot integer)"""
            )
        self.dbt = DbtProject(self.engine, self.warehouse.directory / "dbt", lambda **_: None)
        self.dbt.run("seed")
        self.dbt.close()

    def connect(self) -> Any:
        """A connection that sees the tables of the last build too."""
        connection = self.engine.connect()
        if self.scratch.exists():
            connection.execute(f"attach '{self.scratch}' as scratch")
        return connection

    def add(self, messages: list[bytes], received_ms: int, source: str = "file", forgotten: int = 0) -> None:
        """Messages to bronze, every copy of them, as a stateless gate lets them through.

        `forgotten`: how many more the append brought, which a log that remembers dropped.
        """
        rows, refusals = [], []
        read = Counter({received_ms: forgotten})
        for raw in messages:
            if not raw.strip():
                continue
            raw = raw.rstrip(b"\r\n")
            try:
                message = classify.classify(raw, received_ms)
            except classify.Refused as refused:
                read[received_ms] += 1
                refusals.append((refused.kind, refused.reason, raw, self.offset))
                self.offset += 1
                continue
            read[message.received_ms] += 1
            rows.append(
                (
                    message.id, message.family, message.subtype or None, message.event_ms, message.envelope_ms,
                    message.gateway or None, message.stream_id or None, message.request_id or None,
                    *_data_columns(message.raw.decode()), message.received_ms, self.offset,
                )
            )
            self.offset += 1
        self.snapshot += 1
        kinds = {"varchar": pa.string(), "bigint": pa.int64()}
        columns = zip(*rows) if rows else [[] for _ in EVENT_COLUMNS]
        arrived = pa.table(
            {name: pa.array(list(values), kinds[kind]) for (name, kind), values in zip(EVENT_COLUMNS.items(), columns)}
        )
        with self.connect() as connection:
            connection.register("arrived", arrived)
            connection.execute(
                """insert into lake.events
                select event_id, type, subtype, make_timestamptz(event_ms * 1000), make_timestamptz(envelope_ms * 1000),
                    gateway, stream_id, request_id, data, envelope, data_at, 'network_events', 0, "offset",
                    make_timestamptz(ingested_ms * 1000), ?, ?
                from arrived""",
                [source, self.snapshot],
            )
            at = "make_timestamptz(? * 1000)"
            for refusal in refusals:
                connection.execute(
                    f"insert into lake.quarantine values (?, ?, ?, null, 'network_events', 0, ?, {at}, ?, ?)",
                    [*refusal, received_ms, source, self.snapshot],
                )
            for received, count in read.items():
                self.appends += 1
                connection.execute(
                    f"insert into lake.batches values ('batches', 0, ?, {at}, ?, ?, ?)",
                    [self.appends, received, source, count, self.snapshot],
                )

    def build(self, full: bool = False) -> None:
        """The models alone, without what the op has around them."""
        bronze = TableBronze(self.engine)
        self.engine.attach(bronze.pins, bronze.arrived(self.taken))
        self.dbt.run("run", *(["--full-refresh"] if full else []))
        self.dbt.close()
        self.taken = bronze.pins

    def test(self) -> list[str]:
        """Names of the data tests that fail."""
        checks = self.dbt.test()
        self.dbt.close()
        return [name for name, check in checks.items() if check["status"] == "failed"]

    def unit_test(self) -> dict[str, str]:
        """Result of each unit test by its name; its models must have been built, if only of nothing."""
        results = self.dbt.unit_test()
        self.dbt.close()
        return results

    def tables(self) -> dict[str, list[dict[str, Any]]]:
        with self.connect() as connection:
            return all_rows(connection)

    def requests(self) -> dict[tuple[str, str], dict[str, Any]]:
        with self.connect() as connection:
            rows = _rows(connection, "select * exclude (day) from gold.fct_requests")
        return {(row["stream_id"], row["request_id"]): row for row in rows}

    def groups(self, grain: str = "hourly") -> dict[tuple, dict[str, Any]]:
        """kpi_hourly, or kpi_5min, by its dimensions, with the buckets of kpi_latency_hourly, or kpi_latency_5min, beside."""
        dimensions = {"hourly": DIMENSIONS, "5min": SLOT_DIMENSIONS}[grain]
        with self.connect() as connection:
            parts = _rows(connection, f"select * exclude (day) from gold.kpi_{grain}")
            buckets = _rows(connection, f"select * exclude (day) from gold.kpi_latency_{grain}")
        groups = {tuple(row[name] for name in dimensions): {**row, "buckets": {}} for row in parts}
        for row in buckets:
            groups[tuple(row[name] for name in dimensions)]["buckets"][row["metric"], row["bucket"]] = row["n"]
        return groups


def all_rows(connection: Any) -> dict[str, list[dict[str, Any]]]:
    """All rows of silver and gold in an order of their own, without what names the build that made them."""
    names = connection.execute(
        "select table_schema || '.' || table_name from information_schema.tables "
        "where table_schema in ('silver', 'gold') order by 1"
    ).fetchall()
    return {
        name: sorted(_rows(connection, f"select columns(c -> c not in ('build_id', 'arrived_since')) from {name}"), key=_without_doubles)
        for (name,) in names
    }


def _rows(connection: Any, query: str) -> list[dict[str, Any]]:
    found = connection.execute(query)
    names = [column[0] for column in found.description]
    return [
        {
            name: value.isoformat(timespec="milliseconds") + "Z" if isinstance(value, datetime) else value
            for name, value in zip(names, values)
        }
        for values in found.fetchall()
    ]


def _data_columns(raw: str) -> tuple[str, str, int | None]:
    """`data`, `envelope` and `data_at` as the gate writes them."""
    data = classify._member_text(raw, "data")
    if data.startswith('"'):
        return classify.parse(data), raw, None
    at = raw.find(data)
    return data, raw[:at] + raw[at + len(data) :], at


def _without_doubles(row: dict[str, Any]) -> str:
    return str([value for value in row.values() if not isinstance(value, float)])


def same_tables(a: dict[str, list[dict[str, Any]]], b: dict[str, list[dict[str, Any]]]) -> list[str]:
    """Rows that differ. Doubles may in their last bits: a sum depends on the order of its rows."""
    found = [f"{name}: {len(a[name])} or {len(b[name])} rows" for name in a if len(a[name]) != len(b[name])]
    return found + [
        f"{name}: {mine} or {other}"
        for name in a
        for mine, other in zip(a[name], b[name])
        if not all(_almost_equal(mine[column], other[column]) for column in mine)
    ]


def _almost_equal(a: Any, b: Any) -> bool:
    if isinstance(a, float) and isinstance(b, float):
        return math.isclose(a, b, rel_tol=1e-13)
    return a == b


def reference(messages: list[bytes], received_ms: int | list[int]) -> Result:
    return run(messages, received_ms, seeds())


def differences(gold: Gold, expected: Result) -> list[str]:
    """What differs between gold and the reference; empty when they agree to a relative 1e-9."""
    found: list[str] = []
    ours, theirs = gold.requests(), {(r["stream_id"], r["request_id"]): r for r in expected.facts}
    for key in sorted(ours.keys() | theirs.keys()):
        a, b = ours.get(key), theirs.get(key)
        if a is None or b is None:
            found.append(f"request {key}: only in {'the reference' if a is None else 'gold'}")
            continue
        for name in b:
            if not _same(a[name], b[name]):
                found.append(f"request {key}: {name} is {a[name]!r}, the reference says {b[name]!r}")
    for grain, dimensions in (("hourly", DIMENSIONS), ("5min", SLOT_DIMENSIONS)):
        found += group_differences(gold.groups(grain), {tuple(row[name] for name in dimensions): row for row in expected.kpis(dimensions)})
    with gold.connect() as connection:
        (unattributed,) = connection.execute("select count(*) from gold.unattributed_messages").fetchone()
    if unattributed != expected.unattributed:
        found.append(f"{unattributed} unattributed messages, the reference says {expected.unattributed}")
    return found + scrape_differences(gold, expected) + offer_differences(gold, expected)


def group_differences(groups: dict[tuple, dict[str, Any]], rows: dict[tuple, dict[str, Any]]) -> list[str]:
    """What differs between rows of gold by their dimensions and those of the reference."""
    found: list[str] = []
    for key in sorted(groups.keys() | rows.keys(), key=str):
        a, b = groups.get(key), rows.get(key)
        if a is None or b is None:
            found.append(f"group {key}: only in {'the reference' if a is None else 'gold'}")
            continue
        for name, (mine, other) in _compared(a, b).items():
            if not _same(mine, other):
                found.append(f"group {key}: {name} is {mine!r}, the reference says {other!r}")
    return found


def ingest_differences(gold: Gold, theirs: Counter[tuple]) -> list[str]:
    """Counts of what came in that only one of gold and the reference has."""
    with gold.connect() as connection:
        rows = connection.execute("select epoch_ms(hour), source, class, reason, n from gold.ingest_hourly").fetchall()
    ours = {row[:4]: row[4] for row in rows}
    return [
        f"{key}: {ours.get(key)}, the reference says {theirs.get(key)}"
        for key in sorted(ours.keys() | theirs.keys(), key=str)
        if ours.get(key) != theirs.get(key)
    ]


def scrape_differences(gold: Gold, expected: Result) -> list[str]:
    """What differs between the scraper's gold tables and the reference; empty when they agree to a relative 1e-9."""
    found: list[str] = []
    for name, theirs in expected.scrapes.items():
        parts = SCRAPE_PARTS[name]
        with gold.connect() as connection:
            rows = _rows(connection, f"select * exclude (hour, day), epoch_ms(hour) as hour from gold.scrape_{name}")
        ours = {(row["hour"], *(v for k, v in row.items() if k not in ("hour", *parts))): row for row in rows}
        for key in sorted(ours.keys() | theirs.keys(), key=str):
            if key not in ours or key not in theirs:
                found.append(f"{name} {key}: only in {'the reference' if key in theirs else 'gold'}")
                continue
            other = theirs[key]
            if name == "latency_hourly":
                other = {"n": other}
            elif name == "readings_hourly":
                other = {"n": len(other), "total": float(sum(other))}
            for part in parts:
                if not _same(ours[key][part], other.get(part, 0)):
                    found.append(f"{name} {key}: {part} is {ours[key][part]!r}, the reference says {other.get(part, 0)!r}")
    return found


OFFER_COLUMNS = {
    "fct_swaps": (
        "epoch_ms(swapped_at), stream_id, request_id, epoch_ms(requested_at), epoch_ms(hour), gateway, region, from_orchestrator, to_orchestrator, "
        "model, pipeline, gpu, failed"
    ),
    "supply_hourly": "epoch_ms(hour), orchestrator, orch_uri, model, pipeline, gpu, gpu_ids, capacity, capacity_in_use, warm",
    "fct_payments": (
        "epoch_ms(paid_at), epoch_ms(hour), gateway, region, orchestrator, model, pipeline, gpu, gpu_id, fees_eth is not null"
    ),
    "supply_hours": "epoch_ms(hour), reports, entries, contested_entries",
    "dim_contested_urls": "url, addresses, epoch_ms(first_seen_at), epoch_ms(last_seen_at), reports",
    "dim_gpus": "orchestrator, gpu_id, gpu, epoch_ms(first_seen_at), epoch_ms(last_seen_at), reports, stable",
    "dim_deploys": "orchestrator, model, runner_version, epoch_ms(first_seen_at)",
}
"""Columns of the gold tables of swaps, payments and capability reports, as the reference has them."""


def offer_differences(gold: Gold, expected: Result) -> list[str]:
    """Rows of swaps, payments, supply, contested URLs, GPUs and deploys that only one of the two has."""
    found: list[str] = []
    for table, columns in OFFER_COLUMNS.items():
        with gold.connect() as connection:
            ours = Counter(connection.execute(f"select {columns} from gold.{table}").fetchall())
        theirs = expected.offers[table]
        found += [f"{table} {row}: only in gold" for row in ours - theirs]
        found += [f"{table} {row}: only in the reference" for row in theirs - ours]
    return found


def _compared(a: dict[str, Any], b: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    counts = (
        "requests failed unserved abandoned unknown running served swapped swapped_served failed_swaps error_events "
        "overlay complete startup_missing fps_samples fps_fed_samples jitter_n payments unread_payments fees_eth "
        "cue_samples restarts inference_ms"
    ).split()
    pairs = {name: (a[name], b[name]) for name in counts}
    pairs["fps_mean"] = (_ratio(a["fps_sum"], a["fps_samples"]), b["fps_mean"])
    pairs["fps_fed_mean"] = (_ratio(a["fps_fed_sum"], a["fps_fed_samples"]), b["fps_fed_mean"])
    pairs["jitter_mean"] = (_ratio(a["jitter_sum"], a["jitter_n"]), b["jitter_mean"])
    pairs["cue"] = (_ratio(a["cue_achieved"], a["cue_peak"]), b["cue"])
    for name in ("ptff", "e2e", "startup", "cold_startup"):
        pairs[f"{name} n"] = (a[f"{name}_n"], b[f"{name}_ms"]["n"])
        pairs[f"{name} mean"] = (_ratio(a[f"{name}_sum"], a[f"{name}_n"]), b[f"{name}_ms"]["mean"])
        for p in (50, 95, 99):
            pairs[f"{name} p{p}"] = (_percentile(a, f"{name}_ms", p), b["bucketed"][f"{name}_ms"][f"p{p}"])
    pairs["fps p95"] = (_percentile(a, "output_fps", 95, 100), b["bucketed"]["fps_p95"])
    pairs["jitter p95"] = (_percentile(a, "jitter", 95, 10_000), b["bucketed"]["jitter_p95"])
    return pairs


def _percentile(group: dict[str, Any], metric: str, percent: int, factor: int = 1) -> float | None:
    counts = sorted((bucket, n) for (name, bucket), n in group["buckets"].items() if name == metric)
    rank = -(-percent * sum(n for _, n in counts) // 100)
    for bucket, n in counts:
        rank -= n
        if rank <= 0:
            return 2 * 1.02**bucket / 2.02 / factor
    return None


def _ratio(a: float, b: float) -> float | None:
    return a / b if b else None


def _same(a: Any, b: Any) -> bool:
    if isinstance(a, float) or isinstance(b, float):
        return a is not None and b is not None and abs(a - b) <= 1e-9 * max(abs(a), abs(b), 1e-12)
    return a == b


def build_op(home: Path, progress: Progress = lambda **_: None, **asked: Any) -> dict[str, Any]:
    """The `build` op on a warehouse that `Gold` filled."""
    engine, warehouse = TableEngine(home), Warehouse(home)
    return run_build(warehouse, TableBronze(engine), engine, DbtProject(engine, warehouse.directory / "dbt", progress), **asked)
