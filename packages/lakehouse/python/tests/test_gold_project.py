"""The dbt project: its unit tests, its words, its contracts, and that Trino can read it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import sqlglot
from sqlglot import exp

from gold_harness import Gold
from naap_lake.dbt_project import PROJECT

# Functions of Trino that sqlglot has no node of its own for.
TRINO_FUNCTIONS = {"from_unixtime_nanos"}


@pytest.fixture(scope="module")
def empty(tmp_path_factory):
    """A warehouse of nothing, which has every table."""
    gold = Gold(tmp_path_factory.mktemp("empty"))
    gold.build()
    return gold


def test_a_warehouse_of_nothing_has_every_table_and_passes(empty):
    assert {name: len(rows) for name, rows in empty.tables().items() if rows} == {}
    assert empty.test() == []


def test_unit_tests_pass(empty):
    results = empty.unit_test()
    assert len(results) > 50
    assert {name: result for name, result in results.items() if result != "pass"} == {}


@pytest.fixture(scope="module")
def manifest(empty):
    return json.loads((empty.warehouse.directory / "dbt" / "manifest.json").read_text())


def models(manifest):
    return [node for node in manifest["nodes"].values() if node["resource_type"] == "model"]


def test_every_table_says_its_grain_and_every_column_is_described(empty, manifest):
    with empty.connect() as connection:
        columns = connection.execute("select table_schema, table_name, column_name from information_schema.columns").fetchall()
    for node in models(manifest):
        assert node["description"].startswith("One row"), node["name"]
        described = {name for name, column in node["columns"].items() if column["description"]}
        held = {column for schema, table, column in columns if (schema, table) == (node["schema"], node["name"])}
        assert held and described == held, node["name"]


def test_gold_is_held_to_contracts(manifest):
    gold = [node for node in models(manifest) if node["schema"] == "gold"]
    assert {node["name"] for node in gold if not node["config"]["contract"]["enforced"]} == set()
    assert {column["data_type"] for node in gold for column in node["columns"].values()} == {
        "varchar", "bigint", "integer", "double", "boolean", "date", "timestamp(6)", "decimal(38,18)",
    }  # fmt: skip


def test_every_kpi_has_a_unit_test(manifest):
    names = " ".join(test["name"] for test in manifest["unit_tests"].values())
    for kpi in ("output_fps", "ptff", "e2e", "jitter", "startup", "inference_failure_rate", "swap_rate", "cue", "availability"):
        assert f"{kpi}_" in names, kpi


def test_trino_can_read_every_model_and_test(tmp_path, manifest):
    # Rendered as a full build, which looks at no table: there is no Trino here to ask.
    command = [
        *(Path(sys.executable).with_name("dbt"), "compile", "--target", "distributed"),
        *("--full-refresh", "--no-introspect", "--no-populate-cache", "--quiet", "--exclude", "resource_type:unit_test"),
        *("--vars", json.dumps({"operators": "people.network.operators"})),
        *("--project-dir", PROJECT, "--profiles-dir", PROJECT, "--target-path", tmp_path, "--log-path", tmp_path),
    ]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    compiled = list((tmp_path / "compiled").rglob("*.sql"))
    assert {node["name"] for node in models(manifest)} <= {file.stem for file in compiled}
    joined = next(file for file in compiled if file.stem == "dim_orchestrators").read_text()
    assert '"people"."network"."operators"' in joined, "who runs orchestrators is joined where it lies"
    unknown = set()
    for file in compiled:
        (statement,) = sqlglot.parse(file.read_text(), read="trino")
        assert isinstance(statement, exp.Query), file.name
        unknown |= {call.name.lower() for call in statement.find_all(exp.Anonymous)}
    assert unknown <= TRINO_FUNCTIONS, "not functions of Trino"
