"""The `project` op: what the dbt project says of itself, and which columns its columns are computed from."""

import json
import os
import tempfile
from pathlib import Path
from typing import Any

from sqlglot import MappingSchema, exp, parse_one
from sqlglot.errors import SqlglotError
from sqlglot.lineage import lineage
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import build_scope

from naap_lake.dbt_project import PROJECT, SCRATCH, DbtProject, fingerprint
from naap_lake.engines import Engine, open_engine
from naap_lake.ops import Progress, home_of
from naap_lake.warehouse import Warehouse

Columns = dict[str, set[tuple[str, str]]]
"""By column: the (node, column) pairs that it is computed from."""


def project(args: dict[str, Any], progress: Progress) -> dict[str, Any]:
    """Reads the project. It needs no lake, and keeps its answer in the home until the project changes.

    args: {home}. Returns {models, seeds, sources: [{id, name, layer, description, path, sql, dependsOn, columns: [{name,
    type, description, from: [{node, column}]}], tests}], exposures: [{id, name, label, type, description, meta,
    dependsOn}]}. `layer` is the schema; ids are dbt's. Raises BuildError when dbt can't read the project.
    """
    home = home_of(args)
    engine = open_engine({"home": args["home"]})
    cache = Warehouse(home).directory / "dbt" / "project.json"
    key = fingerprint(engine, ("*",))
    try:
        kept = json.loads(cache.read_text())
        if kept["fingerprint"] == key:
            return kept["project"]
    except (OSError, ValueError, KeyError):
        pass  # Nothing kept, or torn: it is made anew.
    read = _described(_compiled(engine, progress), engine.dialect)
    cache.parent.mkdir(parents=True, exist_ok=True)
    part = cache.with_suffix(f".{os.getpid()}.part")
    part.write_text(json.dumps({"fingerprint": key, "project": read}))
    os.replace(part, cache)
    return read


def _compiled(engine: Engine, progress: Progress) -> Any:
    """The manifest with the SQL of a full build, which looks at no table."""
    # A folder of its own: a build may write to the other at the same time.
    with tempfile.TemporaryDirectory() as target:
        return DbtProject(engine, Path(target), progress).compile()


def _described(manifest: Any, dialect: str) -> dict[str, Any]:
    tables = {**manifest.nodes, **manifest.sources}
    kinds = {kind: [node for node in tables.values() if node.resource_type == kind] for kind in ("model", "seed", "source")}
    origins = _kept_origins(kinds["model"], _schema(tables.values(), dialect), tables)
    tests: dict[str, list[str]] = {}
    for node in manifest.nodes.values():
        if node.resource_type == "test":
            for tested in {node.attached_node} if node.attached_node else set(node.depends_on.nodes):
                tests.setdefault(tested, []).append(node.name)

    def described(node: Any) -> dict[str, Any]:
        columns = origins.get(node.unique_id, {})
        return {
            "id": node.unique_id,
            "name": node.name,
            "layer": node.schema,
            "description": node.description.strip(),
            "path": f"{PROJECT.name}/{node.original_file_path}",
            "sql": node.raw_code if node.resource_type == "model" else None,
            "dependsOn": sorted(node.depends_on.nodes) if node.resource_type == "model" else [],
            "columns": [
                {
                    "name": column.name,
                    "type": column.data_type,
                    "description": column.description or None,
                    "from": [{"node": id_, "column": name} for id_, name in sorted(columns.get(column.name, ()))],
                }
                for column in node.columns.values()
            ],
            "tests": sorted(tests.get(node.unique_id, ())),
        }

    return {
        **{f"{kind}s": sorted(map(described, nodes), key=lambda node: node["id"]) for kind, nodes in kinds.items()},
        "exposures": [
            {
                "id": exposure.unique_id,
                "name": exposure.name,
                "label": exposure.label or exposure.name,
                "type": exposure.type.value,
                "description": exposure.description.strip(),
                "meta": exposure.config.meta or exposure.meta,
                "dependsOn": sorted(exposure.depends_on.nodes),
            }
            for exposure in sorted(manifest.exposures.values(), key=lambda exposure: exposure.name)
        ],
    }


def _schema(tables: Any, dialect: str) -> MappingSchema:
    """Columns of every table, for names that stand without one. Their types don't matter here."""
    schema = MappingSchema(dialect=dialect)
    for node in tables:
        if node.resource_type in ("model", "seed", "source") and node.columns:
            schema.add_table(node.relation_name, dict.fromkeys(node.columns, "varchar"), dialect=dialect)
    return schema


def _kept_origins(models: list[Any], schema: MappingSchema, tables: dict[str, Any]) -> dict[str, Columns]:
    """Columns by model, traced through scratch models to tables that outlive a build."""
    ids = {node.relation_name: id_ for id_, node in tables.items() if getattr(node, "relation_name", None)}
    direct = {node.unique_id: _origins(node, schema, ids) for node in models}
    scratch = {node.unique_id for node in models if node.schema == SCRATCH}
    traced: dict[tuple[str, str], set[tuple[str, str]]] = {}

    def trace(origin: tuple[str, str]) -> set[tuple[str, str]]:
        if origin[0] not in scratch:
            return {origin}
        if origin not in traced:
            traced[origin] = set()
            traced[origin] = set().union(*map(trace, direct[origin[0]].get(origin[1], ())))
        return traced[origin]

    return {
        id_: {column: set().union(*map(trace, origins)) for column, origins in columns.items()}
        for id_, columns in direct.items()
    }


def _origins(node: Any, schema: MappingSchema, ids: dict[str, str]) -> Columns:
    """What each column of a model is computed from: columns of the tables that its SQL reads; none if that is beyond sqlglot."""
    try:
        return _read_origins(node, schema, ids)
    except SqlglotError:
        return {}


def _read_origins(node: Any, schema: MappingSchema, ids: dict[str, str]) -> Columns:
    query = qualify(
        parse_one(node.compiled_code, dialect=schema.dialect),
        dialect=schema.dialect,
        schema=schema,
        validate_qualify_columns=False,
        quote_identifiers=False,
    )
    scope = build_scope(query)
    origins: Columns = {}
    for column in node.columns:
        root = lineage(column, query, schema=schema, dialect=schema.dialect, scope=scope, trim_selects=False, copy=False)
        origins[column] = {
            (ids[relation], leaf.name.rpartition(".")[2].strip('"'))
            for leaf in root.walk()
            if not leaf.downstream and isinstance(leaf.source, exp.Table) and (relation := _relation(leaf.source)) in ids
        }
    return origins


def _relation(table: exp.Table) -> str:
    """Its name as dbt writes it."""
    return ".".join(f'"{part.name}"' for part in table.parts)
