"""`tables`: makes the bronze tables before anybody writes them, and tells where they are not as they are declared."""

from dataclasses import asdict, dataclass
from typing import Any, Literal

from pyiceberg.catalog import Catalog
from pyiceberg.exceptions import NoSuchTableError
from pyiceberg.table import Table, Transaction
from pyiceberg.transforms import IdentityTransform

from naap_lake.catalogs import open_lake
from naap_lake.catalogs.settings import is_shared
from naap_lake.ops import Progress
from naap_lake.tables import NAMESPACE, TABLES, BronzeTable, declared_properties, ensure_table
from naap_lake.transaction import again_on_conflict

FORMAT = "format-version"
"""A property only while a table is made."""


@dataclass
class Difference:
    """Something that is not as it is declared."""

    of: Literal["table", "column", "partitions", "order", "property"]
    name: str
    found: str | None
    declared: str | None
    mend: Literal["done", "possible", "by hand"]
    """By hand: what files that are written already would have to follow."""


def tables(args: dict[str, Any], progress: Progress) -> dict[str, Any]:
    """Makes the bronze tables and mends them.

    args: {home or lake, check?: only tell}. Returns {tables: {name: [{of, name, found, declared, mend}]}}, each list empty where
    the table is as declared.
    """
    found = {}
    with open_lake(args) as catalog:
        for spec in TABLES:
            differences = _differences(catalog, spec, is_shared(args))
            if not args.get("check"):
                _mend(catalog, spec, is_shared(args), differences)
            found[spec.name] = [asdict(difference) for difference in differences]
    return {"tables": found}


def _differences(catalog: Catalog, spec: BronzeTable, for_sink: bool) -> list[Difference]:
    try:
        table = catalog.load_table((NAMESPACE, spec.name))
    except NoSuchTableError:
        return [Difference("table", spec.name, None, spec.name, "possible")]
    return [
        *_of_columns(table, spec),
        *_of_layout(table, spec),
        *_of_properties(table, declared_properties(spec, for_sink)),
    ]


def _of_columns(table: Table, spec: BronzeTable) -> list[Difference]:
    found = {field.name: f"{field.field_type}, id {field.field_id}" for field in table.schema().fields}
    declared = {field.name: f"{field.field_type}, id {field.field_id}" for field in spec.schema.fields}
    return [
        Difference("column", name, found.get(name), declared.get(name), "by hand" if name in found else "possible")
        for name in {**declared, **found}
        if found.get(name) != declared.get(name)
    ]


def _of_layout(table: Table, spec: BronzeTable) -> list[Difference]:
    days = ", ".join(
        f"{field.transform}({table.schema().find_column_name(field.source_id)})" for field in table.spec().fields
    )
    declared_days = f"day({spec.day_of})" if spec.day_of else ""
    order = ", ".join(
        f"{table.schema().find_column_name(field.source_id)} {field.direction.name} {field.transform}"
        for field in table.sort_order().fields
    )
    declared_order = ", ".join(f"{column} ASC identity" for column in spec.sort_by)
    return [
        *([Difference("partitions", spec.name, days, declared_days, "by hand")] if days != declared_days else []),
        *([Difference("order", spec.name, order, declared_order, "possible")] if order != declared_order else []),
    ]


def _of_properties(table: Table, declared: dict[str, str]) -> list[Difference]:
    found = {**table.properties, FORMAT: str(table.format_version)}
    return [
        Difference("property", name, found.get(name), value, "by hand" if name == FORMAT else "possible")
        for name, value in declared.items()
        if found.get(name) != value
    ]


def _mend(catalog: Catalog, spec: BronzeTable, for_sink: bool, differences: list[Difference]) -> None:
    """Does what is possible, and says so."""
    possible = [difference for difference in differences if difference.mend == "possible"]
    if not possible:
        return
    table = ensure_table(catalog, spec, for_sink)
    properties = {each.name: each.declared for each in possible if each.of == "property"}

    def change(transaction: Transaction) -> None:
        if properties:
            transaction.set_properties(properties)
        if any(each.of == "order" for each in possible):
            with transaction.update_sort_order() as order:
                for column in spec.sort_by:
                    order.asc(column, IdentityTransform())

    again_on_conflict(table, change)
    for each in possible:
        each.mend = "done"
