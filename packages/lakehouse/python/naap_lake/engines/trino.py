"""Trino: silver and gold are tables of the lake that bronze is in, shared by machines."""

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import trino
from pyiceberg.catalog import Catalog

from naap_lake.engines import GoldState
from naap_lake.lake_builds import BUILDS
from naap_lake.ops import BadRequest, text_of
from naap_lake.pins import Pin

SCHEMAS = ("build", "silver", "gold", "seeds")
BUILT = ("silver", "gold")

@dataclass(frozen=True)
class TrinoSettings:
    """`args.trino`."""

    host: str
    port: int
    scheme: str
    user: str
    catalog: str
    password: str | None = field(default=None, repr=False)
    access_token: str | None = field(default=None, repr=False)
    ca: str | None = None
    operators: str | None = None
    """Table of who runs the orchestrators, with its catalog and schema."""


def trino_of(args: dict[str, Any]) -> TrinoSettings:
    """`args.trino`: {url, user, password?, accessToken?, ca?, catalog, operators?}. They come over stdin, as `args.lake` does."""
    given = args.get("trino")
    url = urlsplit(text_of(given, "url", "args.trino"))
    if url.scheme not in ("http", "https") or not url.hostname:
        raise BadRequest("args.trino.url must be http://host:port or https://host:port")
    secrets = {name: text_of(given, name, "args.trino") for name in ("password", "accessToken", "ca") if given.get(name) is not None}
    if url.scheme == "http" and {"password", "accessToken"} & secrets.keys():
        raise BadRequest("args.trino.url must be https: where a password or a token goes with it")
    operators = text_of(given, "operators", "args.trino") if given.get("operators") is not None else None
    if operators is not None and not re.fullmatch(r"[a-z_]\w*(\.[a-z_]\w*){2}", operators, re.ASCII):
        raise BadRequest("args.trino.operators must be written as catalog.schema.table")
    return TrinoSettings(
        host=url.hostname,
        port=url.port or (443 if url.scheme == "https" else 8080),
        scheme=url.scheme,
        user=text_of(given, "user", "args.trino"),
        catalog=text_of(given, "catalog", "args.trino"),
        password=secrets.get("password"),
        access_token=secrets.get("accessToken"),
        ca=secrets.get("ca"),
        operators=operators,
    )


class Trino:
    """One catalog of a Trino. The builds of a lake take turns: who may build is decided elsewhere."""

    target = "distributed"
    packages = ("dbt-core", "dbt-trino")
    dialect = "trino"

    def __init__(self, settings: TrinoSettings, lake: Catalog):
        self._settings = settings
        self._lake = lake
        self.database = settings.catalog
        self.settings: dict[str, Any] = {
            "trino_host": settings.host,
            "trino_port": settings.port,
            "trino_scheme": settings.scheme,
            "trino_ca": repr(settings.ca or True),
            "trino_user": settings.user,
            "trino_method": "ldap" if settings.password else "jwt" if settings.access_token else "none",
            "trino_catalog": settings.catalog,
        }
        # By these names dbt keeps them out of all that it writes.
        os.environ["DBT_ENV_SECRET_TRINO_PASSWORD"] = settings.password or ""
        os.environ["DBT_ENV_SECRET_TRINO_TOKEN"] = settings.access_token or ""

    @contextmanager
    def _cursor(self) -> Iterator[trino.dbapi.Cursor]:
        given = self._settings
        auth = (
            trino.auth.BasicAuthentication(given.user, given.password)
            if given.password
            else trino.auth.JWTAuthentication(given.access_token)
            if given.access_token
            else None
        )
        connection = trino.dbapi.connect(
            host=given.host,
            port=given.port,
            http_scheme=given.scheme,
            user=given.user,
            auth=auth,
            verify=given.ca or True,
            catalog=given.catalog,
            timezone="UTC",
            source="naap",
        )
        try:
            yield connection.cursor()
        finally:
            connection.close()

    def query(self, sql: str) -> list[list[Any]]:
        """All rows of an answer that is small."""
        with self._cursor() as cursor:
            return cursor.execute(sql).fetchall()

    def attach(self, pins: Mapping[str, Pin], arrived: Mapping[str, list[str]]) -> bool:
        for schema in SCHEMAS:
            # Before dbt makes them where the metastore would have them.
            self._lake.create_namespace_if_not_exists(schema)
        self.settings["bronze_snapshots"] = {name: pin.snapshot for name, pin in pins.items()}
        self.settings["bronze_files"] = {name: list(files) for name, files in arrived.items()}
        self.settings["operators"] = self._operators()
        self.settings["families"] = self._families(pins["events"].snapshot, arrived["events"]) if "events" in arrived else None
        batches = pins["batches"].snapshot
        return batches is not None and bool(
            self.query(f"select 1 from bronze.batches for version as of {batches} where source = 'simulator' limit 1")
        )

    def _operators(self) -> str | None:
        """The table of who runs the orchestrators, if there is one: numbers don't wait for names."""
        if self._settings.operators is None:
            return None
        catalog, schema, table = self._settings.operators.split(".")
        tables = f"{catalog}.information_schema.tables where table_schema = '{schema}' and table_name = '{table}'"
        try:
            return self._settings.operators if self.query(f"select 1 from {tables}") else None
        except trino.exceptions.TrinoUserError as error:
            if error.error_name == "CATALOG_NOT_FOUND":
                return None
            raise

    def _families(self, snapshot: str | None, files: list[str]) -> list[str]:
        """Of the events that arrived, and of the older ones that they repeat, on whose days they are."""
        if not files:
            return []
        table = f"bronze.events for version as of {snapshot}"
        paths = ", ".join("'" + path.replace("'", "''") + "'" for path in files)
        arrived = f'{table} where "$path" in ({paths})'
        days = self.query(f"select distinct cast(cast(envelope_time at time zone 'UTC' as date) as varchar) from {arrived}")
        starts = [f"timestamp '{day} 00:00:00 UTC'" for [day] in days]
        spans = [f"envelope_time >= {start} and envelope_time < {start} + interval '1' day" for start in starts]
        copies = f"({' or '.join(spans)}) and event_id in (select event_id from {arrived})"
        return sorted(family for [family] in self.query(f"select distinct type from {table} where {copies}"))

    def state(self) -> GoldState | None:
        if not self._lake.table_exists(("gold", "build_state")):
            return None
        format = "yyyy-MM-dd'T'HH:mm:ss.SSS'Z'".replace("'", "''")
        times = ", ".join(f"format_datetime(max({name}), '{format}')" for name in ("watermark", "arrived_since"))
        [row] = self.query(f"select max(build_id), {times} from gold.build_state")
        return GoldState(*row)

    def rows(self) -> dict[str, int]:
        names = [(schema, name) for schema in (*BUILT, "seeds") for _, name in self._lake.list_tables(schema) if name != BUILDS]
        counts = " union all ".join(f"select '{name}', count(*) from {schema}.{name}" for schema, name in names)
        return dict(self.query(counts))

    def close(self) -> None:
        """Nothing is held."""
