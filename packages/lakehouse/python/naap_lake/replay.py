"""The `replay_*` ops: judges what the lake holds anew. The judging is the gate's, in Node; here rows are read and moved.

    replay_begin → replay_next, once per piece → replay_stage → replay_apply → replay_done

Up to `replay_stage` nothing that a table refers to changes: a replay that is cut off leaves files that `maintain` removes.
`replay_stage` writes the redo log (`naap_lake.redo_log`): from then on the replay is decided, and whoever calls `replay_apply`,
however often, brings each table to what it says, in one Iceberg transaction a table. `replay_done` removes it, when the
identities of the event log agree too.

The lake is that of `args.lake`, else that of the home. The home is where the worker works either way.
"""

import shutil
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pyiceberg.catalog import Catalog
from pyiceberg.expressions import AlwaysTrue
from pyiceberg.io.pyarrow import ArrowScan
from pyiceberg.manifest import DataFile
from pyiceberg.table import FileScanTask, Table

from naap_lake.data_files import known_data_file, read_footer, write_data_files
from naap_lake.catalogs import open_lake
from naap_lake.catalogs.settings import is_shared
from naap_lake.file_io import fsync_path, place_of
from naap_lake.lake_builds import LakeBuilds
from naap_lake.ops import BadRequest, Progress, home_of
from naap_lake.redo_log import redo_log_of
from naap_lake.replay_counts import Move, corrections
from naap_lake.tables import BATCHES, EVENTS, QUARANTINE, SOURCE, TABLES, BronzeTable, ensure_table
from naap_lake.transaction import LakeTransaction, again_on_conflict
from naap_lake.warehouse import Warehouse

REPLAY = "naap.replay"
"""Table property: the last replay that the table has."""
JUDGED_BY = "naap.gate-version"
"""Table property: the gate of this version has judged every row that has its bytes, or a newer one."""
PIECE_BYTES = 8 << 20
"""Bytes of data files, compressed to a tenth, that are judged together."""

ARRIVED_AT = {EVENTS.name: "ingested_at", QUARANTINE.name: "seen_at"}
IDENTITY_SCHEMA = pa.schema(
    [
        # `gone`: as an event; `here`: an event, in the order of arrival; `quarantined`
        ("state", pa.string()),
        ("event_id", pa.string()),
        ("envelope_time", pa.timestamp("ms", "UTC")),
        ("received_at", pa.timestamp("ms", "UTC")),
        ("raw", pa.binary()),
    ]
)


@dataclass
class _Piece:
    spec: BronzeTable
    files: list[DataFile]
    rows: pa.Table
    asked: pa.Array
    """Indices of the rows that are judged."""


@dataclass
class _Session:
    """A replay that is being prepared. `args`: which lake it is of, and the home."""

    args: dict[str, Any]
    home: Path
    version: int
    since: datetime | None
    until: datetime | None
    all: bool
    todo: list[tuple[BronzeTable, list[DataFile]]]
    piece: _Piece | None = None
    remove: dict[str, list[str]] = field(default_factory=lambda: {spec.name: [] for spec in TABLES})
    add: dict[str, list[DataFile]] = field(default_factory=lambda: {spec.name: [] for spec in TABLES})
    moves: list[Move] = field(default_factory=list)
    judged: int = 0
    changed: int = 0
    gone: int = 0


_sessions: dict[Path, _Session] = {}


def _scratch(home: Path) -> Path:
    return home / "lake" / "replay"


def replay_begin(args: dict[str, Any], progress: Progress) -> dict[str, Any]:
    """Looks for what is to be judged.

    args: {home, lake?, gateVersion, from?, to? (ISO 8601, half-open, of when messages came in), all? (also what that version has
    judged)}. Returns {pieces, rows} (rows: of the files that are looked into). A replay that is decided must be applied first.
    """
    home = home_of(args)
    shutil.rmtree(_scratch(home), ignore_errors=True)
    session = _Session(
        args, home, int(args["gateVersion"]), _time(args.get("from")), _time(args.get("to")), bool(args.get("all")), []
    )
    with open_lake(args) as catalog:
        if redo_log_of(args, catalog).read():
            raise BadRequest("a replay of before is not finished: apply it first")
        for spec in (EVENTS, QUARANTINE):
            table = ensure_table(catalog, spec, is_shared(args))
            asked = [task.file for task in table.scan().plan_files() if _asks(session, spec, table, task.file)]
            session.todo += [(spec, files) for files in _grouped(asked)]
    session.todo.reverse()
    _sessions[home] = session
    return {
        "pieces": len(session.todo),
        "rows": sum(file.record_count for _, files in session.todo for file in files),
    }


def replay_next(args: dict[str, Any], progress: Progress) -> dict[str, Any]:
    """Takes the verdicts on the last piece and reads the next.

    args: {home, lake?, verdicts: of the rows of the last piece that are not what they were: {at (place in the piece), class, reason}
    or {at, class: accepted, event: {columns; times in unix ms}}}. Returns {path (an Arrow IPC file; null: there is no more),
    table, rows}.
    """
    home = home_of(args)
    session = _session(home)
    if session.piece:
        _take(session, session.piece, args.get("verdicts") or [])
        session.piece = None
    if not session.todo:
        return {"path": None, "table": None, "rows": 0}
    spec, files = session.todo.pop()
    with open_lake(args) as catalog:
        rows = _rows_of(ensure_table(catalog, spec), spec, files)
    asked = pc.indices_nonzero(_asked(session, spec, rows))
    session.piece = _Piece(spec, files, rows, asked)
    session.judged += len(asked)
    path = _scratch(home) / "piece.arrow"
    path.parent.mkdir(parents=True, exist_ok=True)
    _write_ipc(path, rows.take(asked))
    return {"path": str(path), "table": spec.name, "rows": len(asked)}


def replay_stage(args: dict[str, Any], progress: Progress) -> dict[str, Any]:
    """Decides the replay: what `replay_apply` will do is durable, and nothing of it is done.

    args: {home, lake?}. Returns {judged, changed (rows with another class or other columns), accepted, quarantined (moved there)}.
    """
    home = home_of(args)
    session = _session(home)
    with open_lake(args) as catalog:
        batches = ensure_table(catalog, BATCHES)
        rows = corrections(ensure_table(catalog, EVENTS), session.moves)
        session.add[BATCHES.name] = write_data_files(batches, BATCHES, rows)
        summary = {
            "judged": session.judged,
            "changed": session.changed,
            "accepted": sum(move.is_accepted for move in session.moves),
            "quarantined": sum(move.is_quarantined for move in session.moves),
        }
        del _sessions[home]
        whole = session.since is None and session.until is None
        if not any(session.remove.values()) and not (whole and _is_news(catalog, session.version)):
            return summary
        keys = {key for move in session.moves for key in move.events}
        redo = {
            "id": str(uuid.uuid4()),
            "judgedBy": session.version if whole else None,
            "tables": {
                name: {"remove": session.remove[name], "add": [[file.file_path, _day(file)] for file in session.add[name]]}
                for name in session.remove
            },
            "changed": session.changed,
            "keys": sorted(keys),
            "summary": summary,
        }
        redo_log_of(args, catalog).write(redo)
    return summary


def replay_apply(args: dict[str, Any], progress: Progress) -> dict[str, Any]:
    """Brings the tables to what a decided replay says, each exactly once.

    args: {home, lake?}. Returns {id (null: no replay is decided), summary, identities: Arrow IPC files of IDENTITY_SCHEMA: what
    the event log of the home must forget first, then what it must know}.
    """
    with open_lake(args) as catalog:
        redo = redo_log_of(args, catalog).read()
        if redo is None:
            return {"id": None, "summary": None, "identities": []}
        # Gold has rows that are others now: the next build makes it anew. Also after a build between two tries.
        _mark_full_build(args, catalog, redo)
        _apply(args, catalog, redo)
        # The gate of a shared lake remembers no message.
        identities = [] if is_shared(args) else _identities(home_of(args), catalog, redo)
    return {"id": redo["id"], "summary": redo["summary"], "identities": identities}


def replay_done(args: dict[str, Any], progress: Progress) -> dict[str, Any]:
    """Forgets a replay that is applied. args: {home, lake?, id}."""
    with open_lake(args) as catalog:
        redo_log = redo_log_of(args, catalog)
        redo = redo_log.read()
        if redo and redo["id"] == args.get("id"):
            _mark_full_build(args, catalog, redo)
            redo_log.remove()
            shutil.rmtree(_scratch(home_of(args)), ignore_errors=True)
    return {}


def apply_decided(args: dict[str, Any], catalog: Catalog) -> None:
    """Where a replay is decided, brings the tables to it. Of a home it stays decided: the event log has to follow."""
    redo_log = redo_log_of(args, catalog)
    redo = redo_log.read()
    if redo is None:
        return
    _mark_full_build(args, catalog, redo)
    _apply(args, catalog, redo)
    if is_shared(args):
        redo_log.remove()


def _apply(args: dict[str, Any], catalog: Catalog, redo: dict[str, Any]) -> None:
    tables = {spec.name: ensure_table(catalog, spec, is_shared(args)) for spec in TABLES}
    todo = [(spec, tables[spec.name]) for spec in TABLES if tables[spec.name].properties.get(REPLAY) != redo["id"]]
    # All before the first is changed: their files are there, or nothing is done.
    known = {spec.name: _files_by_path(table, redo["tables"][spec.name]["remove"]) for spec, table in todo}
    for spec, table in todo:
        removed = known[spec.name]
        added = [known_data_file(table, spec, path, day) for path, day in redo["tables"][spec.name]["add"]]
        judged = {} if redo["judgedBy"] is None else {JUDGED_BY: str(redo["judgedBy"])}

        def change(transaction: LakeTransaction) -> None:
            if removed or added:
                # The same rows, judged anew, are nothing that a build would have to take.
                transaction.replace_files(removed, added, rows_change=redo["changed"] > 0)
            transaction.set_properties({REPLAY: redo["id"], **judged})

        # A sink may append meanwhile.
        again_on_conflict(table, change)


def _mark_full_build(args: dict[str, Any], catalog: Catalog, redo: dict[str, Any]) -> None:
    if not redo["changed"]:
        return
    if is_shared(args):
        builds = LakeBuilds(catalog)
        builds.begin()
        builds.begin_anew()
    else:
        marker = Warehouse(home_of(args)).full_build_marker
        marker.parent.mkdir(exist_ok=True)
        marker.touch()


def _is_news(catalog: Catalog, version: int) -> bool:
    return any(ensure_table(catalog, spec).properties.get(JUDGED_BY) != str(version) for spec in TABLES)


def _time(text: str | None) -> datetime | None:
    if text is None:
        return None
    time = datetime.fromisoformat(text)
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def _session(home: Path) -> _Session:
    if home not in _sessions:
        raise BadRequest("no replay has begun in this worker: begin one")
    return _sessions[home]


def _day(file: DataFile) -> int | None:
    return file.partition[0] if len(file.partition) else None


def _grouped(files: Iterable[DataFile]) -> Iterator[list[DataFile]]:
    group: list[DataFile] = []
    size = 0
    for file in files:
        if group and size + file.file_size_in_bytes > PIECE_BYTES:
            yield group
            group, size = [], 0
        group.append(file)
        size += file.file_size_in_bytes
    if group:
        yield group


def _asks(session: _Session, spec: BronzeTable, table: Table, file: DataFile) -> bool:
    """Whether a file has a row that is to be judged."""
    names = [ARRIVED_AT[spec.name], "gate_version", "raw_sha256"]
    present = set(read_footer(table.io, file.file_path).schema.names)
    rows = _columns_of(table, file, [name for name in names if name in present])
    return pc.any(_asked(session, spec, rows)).as_py() is True


def _asked(session: _Session, spec: BronzeTable, rows: pa.Table) -> pa.ChunkedArray:
    arrived = rows[ARRIVED_AT[spec.name]]
    mask = pa.chunked_array([pa.repeat(True, rows.num_rows)])
    if not session.all and "gate_version" in rows.column_names:
        mask = pc.fill_null(pc.not_equal(rows["gate_version"], session.version), True)
    if "raw_sha256" in rows.column_names:
        # Of a message that was cut the bytes are gone: it stays what it is.
        mask = pc.and_(mask, pc.is_null(rows["raw_sha256"]))
    if session.since:
        mask = pc.and_(mask, pc.greater_equal(arrived, pa.scalar(session.since, arrived.type)))
    if session.until:
        mask = pc.and_(mask, pc.less(arrived, pa.scalar(session.until, arrived.type)))
    return mask


def _columns_of(table: Table, file: DataFile, names: list[str]) -> pa.Table:
    filesystem, path = place_of(table.io, file.file_path)
    return pq.read_table(path, columns=names, partitioning=None, filesystem=filesystem)


def _rows_of(table: Table, spec: BronzeTable, files: Iterable[DataFile]) -> pa.Table:
    scan = ArrowScan(table.metadata, table.io, table.schema(), AlwaysTrue())
    rows = scan.to_table([FileScanTask(file) for file in files])
    return pa.table([rows[f.name].cast(f.type) for f in spec.arrow_schema], schema=spec.arrow_schema)


def _write_ipc(path: Path, rows: pa.Table) -> None:
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, rows.schema) as writer:
        writer.write_table(rows.combine_chunks())
    fsync_path(str(path))


def _message(row: dict[str, Any]) -> bytes:
    """A message of `events`, byte for byte."""
    envelope, at = row["envelope"] or "", row["data_at"]
    return (envelope if at is None else envelope[:at] + row["data"] + envelope[at:]).encode()


def _take(session: _Session, piece: _Piece, verdicts: list[dict[str, Any]]) -> None:
    """Writes the rows of a piece by what they are now."""
    spec, rows = piece.spec, piece.rows
    if len(piece.asked) == 0:
        return
    asked = pc.is_in(pa.array(range(rows.num_rows), pa.uint64()), piece.asked)
    version = pc.if_else(asked, pa.scalar(session.version, pa.int32()), rows["gate_version"])
    at = rows.schema.get_field_index("gate_version")
    rows = rows.set_column(at, rows.schema.field(at), version)

    places = pa.array([piece.asked[verdict["at"]].as_py() for verdict in verdicts], pa.uint64())
    changed = rows.take(places).to_pylist()
    stays = rows.filter(pc.invert(pc.is_in(pa.array(range(rows.num_rows), pa.uint64()), places)))
    found: dict[str, list[dict[str, Any]]] = {EVENTS.name: [], QUARANTINE.name: []}
    gone: list[dict[str, Any]] = []
    for old, verdict in zip(changed, verdicts, strict=True):
        raw = _message(old) if spec is EVENTS else old["raw"]
        new = _events_row(old, verdict["event"]) if verdict["class"] == "accepted" else _quarantine_row(old, verdict, raw)
        found[EVENTS.name if verdict["class"] == "accepted" else QUARANTINE.name].append(new)
        move = Move.between(old, new)
        if move.matters:
            session.moves.append(move)
        gone += _gone(move, old, raw)
    session.changed += len(changed)
    if gone:
        session.gone += 1
        _write_ipc(_scratch(session.home) / f"gone-{session.gone}.arrow", pa.Table.from_pylist(gone, IDENTITY_SCHEMA))

    session.remove[spec.name] += [file.file_path for file in piece.files]
    with open_lake(session.args) as catalog:
        for target in (EVENTS, QUARANTINE):
            more = pa.Table.from_pylist(found[target.name], target.arrow_schema)
            parts = [stays, more] if target is spec else [more]
            table = ensure_table(catalog, target)
            session.add[target.name] += write_data_files(table, target, pa.concat_tables(parts).combine_chunks())


def _arrived(old: dict[str, Any]) -> datetime:
    return old["ingested_at"] if "ingested_at" in old else old["seen_at"]


def _coordinates(old: dict[str, Any]) -> dict[str, Any]:
    return {name: old[name] for name in ("topic", "partition", "offset", "source", "gate_version", *SOURCE)}


def _events_row(old: dict[str, Any], event: dict[str, Any]) -> dict[str, Any]:
    times = {name: datetime.fromtimestamp(event[name] / 1000, UTC) for name in ("event_time", "envelope_time")}
    texts = {name: event[name] or None for name in ("gateway", "stream_id", "request_id", "subtype")}
    return {**event, **texts, **times, **_coordinates(old), "ingested_at": _arrived(old)}


def _quarantine_row(old: dict[str, Any], verdict: dict[str, Any], raw: bytes) -> dict[str, Any]:
    row = {"class": verdict["class"], "reason": verdict["reason"], "raw": raw, "raw_length": len(raw), "raw_sha256": None}
    return {**row, **_coordinates(old), "seen_at": _arrived(old)}


def _gone(move: Move, old: dict[str, Any], raw: bytes) -> Iterator[dict[str, Any]]:
    """What the event log has of a message that is not the event any more that it was."""
    if not move.matters or "event_id" not in old:
        return
    row = {"event_id": old["event_id"], "envelope_time": old["envelope_time"], "received_at": old["ingested_at"], "raw": raw}
    yield {"state": "gone", **row}
    if move.is_quarantined:
        yield {"state": "quarantined", **row}


def _files_by_path(table: Table, paths: list[str]) -> list[DataFile]:
    if not paths:
        return []
    files = {task.file.file_path: task.file for task in table.scan().plan_files()}
    if missing := [path for path in paths if path not in files]:
        raise FileNotFoundError(f"{table.name()} no longer has {missing[0]} and {len(missing) - 1} other files of the replay")
    return [files[path] for path in paths]


def _identities(home: Path, catalog: Catalog, redo: dict[str, Any]) -> list[str]:
    """Writes all events of the ids that moved, as the lake has them now."""
    scratch = _scratch(home)
    days: dict[int, set[str]] = {}
    for event_id, day in redo["keys"]:
        days.setdefault(day, set()).add(event_id)
    paths = sorted(str(path) for path in scratch.glob("gone-*.arrow"))
    table = ensure_table(catalog, EVENTS)
    files = [task.file for task in table.scan().plan_files()]
    for day, ids in sorted(days.items()):
        wanted = pa.array(sorted(ids), pa.string())
        rows: list[dict[str, Any]] = []
        for file in files:
            if _day(file) != day:
                continue
            known = _columns_of(table, file, ["event_id"])["event_id"]
            if not pc.any(pc.is_in(known, wanted)).as_py():
                continue
            found = _rows_of(table, EVENTS, [file])
            rows += found.filter(pc.is_in(found["event_id"], wanted)).to_pylist()
        rows.sort(key=lambda row: (row["ingested_at"], row["topic"], row["partition"], row["offset"]))
        here = [
            {
                "state": "here",
                "event_id": row["event_id"],
                "envelope_time": row["envelope_time"],
                "received_at": row["ingested_at"],
                "raw": _message(row),
            }
            for row in rows
        ]
        path = scratch / f"here-{day}.arrow"
        path.parent.mkdir(exist_ok=True)
        _write_ipc(path, pa.Table.from_pylist(here, IDENTITY_SCHEMA))
        paths.append(str(path))
    return paths
