"""`maintain_warehouse`: keeps silver and gold of a lake that machines share fast to read. Never beside a build: who calls it holds
the right to the warehouse."""

from typing import Any

from pyiceberg.table import Table

from naap_lake.catalogs import open_lake
from naap_lake.engines.trino import BUILT, Trino, trino_of
from naap_lake.lake_builds import BUILDS, LakeBuilds
from naap_lake.ops import Progress
from naap_lake.snapshots import RETENTION_MS, expire
from naap_lake.transaction import again_on_conflict

ORPHAN_HOURS = 24
"""What nothing references is nobody's when it is so old: a build that wrote it is long over."""

MANY = 2
"""Files of a closed day, those that say which rows are gone among them, that are not worth a rewrite."""


def maintain_warehouse(args: dict[str, Any], progress: Progress) -> dict[str, Any]:
    """Merges the files of closed days, expires snapshots, removes files that nothing references.

    args: {lake, trino, retentionMs?: how long a superseded snapshot stays}. Returns, by table, {filesBefore, filesAfter (of the
    days that were merged), expiredSnapshots, removedFiles}. Rows stay as they are; the last record of a build names the
    snapshots that have them now.
    """
    retention_ms = int(args.get("retentionMs", RETENTION_MS))
    result = {}
    with open_lake(args) as lake:
        engine = Trino(trino_of(args), lake)
        builds = LakeBuilds(lake)
        # Before the first build there are none.
        known = {name for name, *_ in lake.list_namespaces()}
        if builds.read_build():
            builds.begin()
        for schema in filter(known.__contains__, BUILT):
            for _, name in sorted(lake.list_tables(schema)):
                table = lake.load_table((schema, name))
                before, after = _merge_days(engine, schema, table)
                expired = again_on_conflict(table.refresh(), lambda transaction: expire(transaction, retention_ms))
                result[name] = {
                    "filesBefore": before,
                    "filesAfter": after,
                    "expiredSnapshots": expired,
                    "removedFiles": _remove_orphans(engine, f"{schema}.{name}"),
                }
                progress(f"{schema}.{name}: {before} files to {after}, {expired} snapshots expired", table=name)
        if any(each["filesBefore"] for each in result.values()) and (last := builds.read_build()):
            # Those that it named are superseded now, and go when their time has come.
            builds.write_build(last)
    return result


def _merge_days(engine: Trino, schema: str, table: Table) -> tuple[int, int]:
    """Files of the days that were merged, before and after. The newest day is open: builds still change it."""
    name = table.name()[-1]
    if name == BUILDS or [field.name for field in table.spec().fields] != ["day"]:
        return 0, 0
    files = f'select "partition".day as day, count(*) as files from {schema}."{name}$files" group by 1'
    found = engine.query(f"select cast(day as varchar), files from ({files}) where day < (select max(day) from ({files}))")
    days = {day: count for day, count in found if count > MANY}
    if not days:
        return 0, 0
    literals = ", ".join(f"date '{day}'" for day in days)
    engine.query(f"alter table {schema}.{name} execute optimize where day in ({literals})")
    [[after]] = engine.query(f'select count(*) from {schema}."{name}$files" where "partition".day in ({literals})')
    return sum(days.values()), after


def _remove_orphans(engine: Trino, table: str) -> int:
    said = engine.query(f"alter table {table} execute remove_orphan_files(retention_threshold => '{ORPHAN_HOURS}h')")
    return sum(row[1] for row in said if len(row) == 2 and row[0] == "deleted_files_count")
