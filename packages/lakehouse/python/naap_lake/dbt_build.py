"""The `build` op: bronze → silver → gold, by dbt on DuckDB."""

import gc
import hashlib
import os
import pickle
import threading
import time
from contextlib import closing
from dataclasses import fields
from datetime import datetime, timezone
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any, Callable

from duckdb import DuckDBPyConnection

from naap_lake.warehouse import Warehouse

Progress = Callable[..., None]

PROJECT = Path(__file__).resolve().parents[4] / "dbt"

SERVED = ("fct_requests", "kpi_hourly", "kpi_latency_hourly")
"""Models whose data tests run after every build; those of all models run after a full one, for they cost seconds."""


def build(args: dict[str, Any], progress: Progress) -> dict[str, Any]:
    """Brings gold up to the lake. `args`: home, full (start over), model (it and its children anew, after what arrived).

    Answers {buildId, full, skipped, watermark, tests: {passed, failed, warned}, failures, models: [{name, ms, rows}],
    seconds}. `skipped` is `no_events` or `nothing_new` when there was nothing to do. Raises BuildError when a model
    fails, and when there is no such model.
    """
    began = time.monotonic()
    # Importing dbt takes longer than anything else in a small build: it begins while the lake is looked at.
    threading.Thread(target=import_module, args=("dbt.cli.main",), daemon=True).start()
    warehouse = Warehouse(Path(args["home"]))
    warehouse.prepare()
    key = fingerprint()
    last = warehouse.read_build()
    with warehouse.connect() as connection:
        if not _attach_bronze(warehouse, connection):
            return _skipped("no_events", None)
        state = _build_state(connection)
        simulated = _is_simulated(connection)
    dbt = Dbt(warehouse, progress)
    again = dbt.affected(args["model"]) if args.get("model") else []
    full = bool(
        args.get("full")
        or state is None
        or last is None
        or last["fingerprint"] != key
        or warehouse.full_build_marker.exists()
    )
    if not full and not again and not state["behind"] and last["build"]["id"] == state["build_id"]:
        return _skipped("nothing_new", last)

    models: list[dict[str, Any]] = []
    # However it ends, the database file is let go.
    with closing(dbt):
        if full:
            warehouse.full_build_marker.touch()
            dbt.run("seed", "--full-refresh")
            models = dbt.run("run", "--full-refresh")
            warehouse.full_build_marker.unlink()
        else:
            # The project's documents (manifest.json and the like) are those of the last full build.
            if state["behind"]:
                models = dbt.run("run", "--no-write-json")
            if again:
                # Tables half of the old and half of the new: whoever finds the marker starts over.
                warehouse.full_build_marker.touch()
                models += dbt.run("run", "--no-write-json", "--full-refresh", "--select", *again)
                warehouse.full_build_marker.unlink()
        # A failed data test is no error here: the numbers are served with the result beside them.
        checks = dbt.test(() if full else (*SERVED, *again))

    results = {kind: [name for name, check in checks.items() if check["status"] == kind] for kind in TEST_STATUSES}
    with warehouse.connect(lake=False) as connection:
        build_id, watermark = _built(connection)
        tables = _rows(connection)
    record = {
        "build": {
            "id": build_id,
            "at": datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "tests": {kind: len(names) for kind, names in results.items()},
        },
        "watermark": watermark,
        "simulated": simulated,
        "fingerprint": key,
        "tables": tables,
        "checks": checks if full else {**last.get("checks", {}), **checks},
    }
    warehouse.write_build(record)
    return {
        "buildId": build_id,
        "full": full,
        "skipped": None,
        "watermark": watermark,
        "tests": record["build"]["tests"],
        "failures": results["failed"],
        "models": [{**model, "rows": tables.get(model["name"])} for model in models],
        "seconds": round(time.monotonic() - began, 3),
    }


TEST_STATUSES = ("passed", "failed", "warned")

SCRATCH = "build"
"""Schema of the models that one build makes for itself."""

# dbt makes a hundred thousand objects that stay: looking for garbage among them costs a tenth of a small build.
gc.set_threshold(100_000, 20, 20)


class BuildError(Exception):
    """A model failed: which, and what the engine said."""


class Dbt:
    """dbt in this process: the project is parsed once and kept, in memory and on disk, until it changes."""

    _manifest: Any = None

    def __init__(
        self, warehouse: Warehouse, progress: Progress, scratch: str = ":memory:", target: str | None = None
    ):
        """`scratch`: where the tables of a build itself are; a test that wants to look at them names a file.

        `target`: folder of dbt's documents, `dbt` beside the database unless told otherwise.
        """
        self._progress = progress
        # Where dbt keeps its own, for all homes; in the home where that can't be written.
        self._caches = [PROJECT / "target" / "project.pickle", warehouse.directory / "dbt" / "project.pickle"]
        self._environment = {
            "NAAP_WAREHOUSE": str(warehouse.database),
            "NAAP_DUCKDB_EXTENSIONS": str(warehouse.extensions),
            "NAAP_SCRATCH": scratch,
            "DBT_PROFILES_DIR": str(PROJECT),
            "DBT_PROJECT_DIR": str(PROJECT),
            "DBT_TARGET_PATH": target or str(warehouse.directory / "dbt"),
            "DBT_LOG_PATH": target or str(warehouse.directory / "dbt"),
            "DBT_SEND_ANONYMOUS_USAGE_STATS": "0",
            "DBT_LOG_LEVEL": "error",
            "DBT_LOG_LEVEL_FILE": "error",
        }

    def run(self, *command: str) -> list[dict[str, Any]]:
        """Runs a command whose every node must succeed; answers name, ms and rows of each."""
        result = self._invoke(*command)
        broken = [node for node in result if node.status in ("error", "fail")]
        if broken:
            raise BuildError("; ".join(f"{node.node.name}: {node.message}" for node in broken))
        return [{"name": node.node.name, "ms": round(node.execution_time * 1000)} for node in result]

    def test(self, select: tuple[str, ...] = ()) -> dict[str, dict[str, str]]:
        """Runs data tests (of all models, or those selected); answers status (of TEST_STATUSES) and node by name."""
        statuses = {"pass": "passed", "warn": "warned"}
        selected = ["--select", *select] if select else []
        results = self._invoke("test", "--no-write-json", "--exclude-resource-type", "unit_test", *selected)
        return {
            result.node.name: {"status": statuses.get(result.status, "failed"), "node": result.node.attached_node}
            for result in results
        }

    def affected(self, name: str) -> list[str]:
        """Names of a model, of all that is made from it, and of the scratch models that these are made from.

        Raises BuildError, which names the models that there are.
        """
        models = {node.unique_id: node for node in self.project().nodes.values() if node.resource_type == "model"}
        kept = {node.name: id_ for id_, node in models.items() if node.schema != SCRATCH}
        if name not in kept:
            raise BuildError(f"There is no model {name!r}; there are {', '.join(sorted(kept))}")
        parents = {id_: set(node.depends_on.nodes) & models.keys() for id_, node in models.items()}
        found = {kept[name]}
        while children := {id_ for id_ in parents.keys() - found if parents[id_] & found}:
            found |= children
        while scratch := {p for id_ in found for p in parents[id_] - found if models[p].schema == SCRATCH}:
            found |= scratch
        return sorted(models[id_].name for id_ in found)

    def compile(self) -> Any:
        """The project with the SQL of a full build, which looks at no table. Opens no database."""
        self._invoke(
            *("compile", "--full-refresh", "--no-introspect", "--no-populate-cache", "--no-write-json"),
            *("--exclude", "resource_type:unit_test"),
        )
        return self.project()

    def close(self) -> None:
        """Lets the database file go."""
        from dbt.adapters.duckdb.connections import DuckDBConnectionManager

        DuckDBConnectionManager.close_all_connections()

    def _invoke(self, *command: str) -> list[Any]:
        from dbt.cli.main import dbtRunner

        runner = dbtRunner(manifest=self.project(), callbacks=[self._report])
        result = runner.invoke([*command, "--quiet"])
        if result.exception is not None:
            raise BuildError(str(result.exception))
        return list(result.result.results)

    def project(self) -> Any:
        """The manifest. dbt's own cache of a parsed project takes a second to read; a pickle of it takes a tenth."""
        os.environ.update(self._environment)
        if Dbt._manifest is None:
            key = fingerprint(("*",))
            Dbt._manifest = self._cached(key) or self._parse(key)
        return Dbt._manifest

    def _cached(self, key: str) -> Any:
        from dbt.contracts.graph.manifest import Manifest

        for cache in self._caches:
            try:
                with open(cache, "rb") as file:
                    # Ours, in the checkout or in the home. Anything odd about it only costs a parse.
                    if file.read(len(key)) == key.encode():
                        return Manifest(**pickle.load(file))
            except Exception:
                continue
        return None

    def _parse(self, key: str) -> Any:
        from dbt.cli.main import dbtRunner

        parsed = dbtRunner().invoke(["parse", "--quiet"])
        if not parsed.success:
            raise BuildError(f"dbt can't read the project: {parsed.exception}")
        # Not the object: dbt 1.11 mixes up its look-ups when it is pickled. They are made anew from these.
        content = {f.name: getattr(parsed.result, f.name) for f in fields(parsed.result) if not f.name.startswith("_")}
        for cache in self._caches:
            try:
                cache.parent.mkdir(parents=True, exist_ok=True)
                # Two processes may read the project at the same time.
                part = cache.with_suffix(f".{os.getpid()}.part")
                part.write_bytes(key.encode() + pickle.dumps(content))
                os.replace(part, cache)
                break
            except OSError:
                continue
        return parsed.result

    def _report(self, event: Any) -> None:
        if event.info.name == "NodeFinished":
            info = event.data.node_info
            done = f"{event.data.run_result.execution_time:.1f} s"
            if info.node_status not in ("success", "pass"):
                done = f"{info.node_status}, {done}: {event.data.run_result.message}"
            self._progress(message=f"{info.node_name} {done}", node=info.node_name, status=info.node_status)


def _skipped(reason: str, last: dict[str, Any] | None) -> dict[str, Any]:
    return {
        "buildId": last["build"]["id"] if last else None,
        "full": False,
        "skipped": reason,
        "watermark": last["watermark"] if last else None,
        "tests": last["build"]["tests"] if last else {"passed": 0, "failed": 0, "warned": 0},
        "failures": [],
        "models": [],
        "seconds": 0,
    }


def _attach_bronze(warehouse: Warehouse, connection: DuckDBPyConnection) -> bool:
    """Points the views `bronze.*` at the newest snapshot of the lake; False when there is no lake yet."""
    locations = warehouse.bronze_locations()
    if "events" not in locations:
        return False
    connection.execute("create schema if not exists bronze")
    for name, location in locations.items():
        path = location.replace("'", "''")
        connection.execute(f"create or replace view bronze.{name} as select * from iceberg_scan('{path}')")
    return True


def _build_state(connection: DuckDBPyConnection) -> dict[str, Any] | None:
    """Where gold stands against bronze; None before the first good build."""
    known = connection.execute(
        "select 1 from information_schema.tables where table_schema = 'gold' and table_name = 'build_state'"
    ).fetchone()
    if known is None:
        return None
    behind = connection.execute(
        """
        select 1
        from (select topic, "partition", max("offset") as last_offset from bronze.events group by all) b
        left join gold.build_state s using (topic, "partition")
        where s.next_offset is null or b.last_offset >= s.next_offset
        """
    ).fetchone()
    return {"build_id": _built(connection)[0], "behind": behind is not None}


def _built(connection: DuckDBPyConnection) -> tuple[str, str | None]:
    """The build that gold is of, and its watermark."""
    return connection.execute(
        "select max(build_id), strftime(max(watermark), '%Y-%m-%dT%H:%M:%S.%gZ') from gold.build_state"
    ).fetchone()


def _rows(connection: DuckDBPyConnection) -> dict[str, int]:
    """Rows of every table that outlives a build."""
    names = connection.execute(
        "select schema_name, table_name from duckdb_tables() where schema_name in ('silver', 'gold', 'seeds')"
    ).fetchall()
    counts = " union all ".join(f"select '{table}', count(*) from {schema}.{table}" for schema, table in names)
    return dict(connection.execute(counts).fetchall())


def _is_simulated(connection: DuckDBPyConnection) -> bool:
    found = connection.execute("select 1 from bronze.batches where source = 'simulator' limit 1").fetchone()
    return found is not None


def fingerprint(suffixes: tuple[str, ...] = (".sql", ".csv")) -> str:
    """Hash of the dbt project and its engine. By default of what makes the numbers: another one makes gold anew."""
    digest = hashlib.sha256(version("dbt-core").encode() + version("dbt-duckdb").encode())
    for folder in ("models", "macros", "seeds", "tests"):
        for file in sorted((PROJECT / folder).rglob("*")):
            if file.is_file() and ("*" in suffixes or (file.suffix in suffixes and folder != "tests")):
                digest.update(file.relative_to(PROJECT).as_posix().encode())
                digest.update(file.read_bytes())
    for name in ("dbt_project.yml", "profiles.yml"):
        digest.update((PROJECT / name).read_bytes())
    return digest.hexdigest()
