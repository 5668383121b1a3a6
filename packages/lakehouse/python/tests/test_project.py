"""What the dbt project says of itself, without a lake."""

import shutil

import pytest

from naap_lake import dbt_project
from naap_lake.dbt_project import DbtProject
from naap_lake.engines import open_engine
from naap_lake.project import project


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("empty")


@pytest.fixture(scope="module")
def read(home):
    return project({"home": str(home)}, lambda **_: None)


def columns(read, model):
    (node,) = (node for node in read["models"] if node["name"] == model)
    return {
        column["name"]: {f"{origin['node'].split('.')[-1]}.{origin['column']}" for origin in column["from"]}
        for column in node["columns"]
    }


def test_an_empty_home_is_enough_and_gets_no_database(home, read):
    assert {node["layer"] for node in read["models"]} == {"build", "silver", "gold"}
    assert not (home / "warehouse" / "naap.duckdb").exists()


def test_columns_of_gold_are_traced_through_scratch_to_silver_and_seeds(read):
    request = columns(read, "fct_requests")
    assert request["region"] == {"regions.region"}
    assert {"traces.url", "capability_entries.url"} >= request["orch_uri"] - {"statuses.url", "stream_events.url"}
    scratch = {node["id"] for node in read["models"] if node["layer"] == "build"}
    origins = {origin["node"] for node in read["models"] for column in node["columns"] for origin in column["from"]}
    assert origins and not origins & scratch
    assert columns(read, "kpi_5min")["fps_sum"] == {"output_samples.fps"}
    assert columns(read, "kpi_hourly")["fps_sum"] == {"kpi_5min.fps_sum"}
    assert columns(read, "dim_models")["flops_per_frame"] == {"model_flops.tflops_per_frame"}


def test_every_column_of_gold_but_counts_and_names_of_builds_has_an_origin(read):
    without = {
        f"{node['name']}.{column['name']}"
        for node in read["models"]
        if node["layer"] == "gold"
        for column in node["columns"]
        if not column["from"]
    }
    assert "gold_days.build_id" in without
    assert not {name for name in without if name.endswith(("_ms", "_mean", "_sum", ".hour", ".orchestrator", ".model"))}


def test_tests_and_sources_belong_to_their_tables(read):
    (hourly,) = (node for node in read["models"] if node["name"] == "kpi_hourly")
    assert "kpi_hourly_grain" in hourly["tests"] and hourly["path"] == "dbt/models/gold/kpi_hourly.sql"
    assert {source["name"] for source in read["sources"]} == {"events", "batches", "quarantine", "operators"}


def test_the_answer_is_kept_until_the_project_changes(home, read, monkeypatch):
    monkeypatch.setattr("naap_lake.project._compiled", lambda *_: pytest.fail("read again"))
    assert project({"home": str(home)}, lambda **_: None) == read
    monkeypatch.setattr("naap_lake.project._compiled", lambda *_: None)
    monkeypatch.setattr("naap_lake.project._described", lambda *_: {"models": []})
    (home / "warehouse" / "dbt" / "project.json").write_text("{torn")
    assert project({"home": str(home)}, lambda **_: None) == {"models": []}


def test_a_checkout_that_is_copied_is_parsed_anew(tmp_path, monkeypatch):
    home = tmp_path / "home"
    copy = tmp_path / "copy" / "dbt"
    original = DbtProject(open_engine({"home": str(home)}), home, lambda **_: None).manifest()
    # With what dbt keeps in it.
    shutil.copytree(dbt_project.PROJECT, copy)
    monkeypatch.setattr(dbt_project, "PROJECT", copy)
    copied = DbtProject(open_engine({"home": str(home)}), home, lambda **_: None).manifest()

    def folders(manifest):
        return {node.root_path for node in manifest.nodes.values() if node.resource_type == "seed"}

    assert folders(copied) == {str(copy)} != folders(original)
