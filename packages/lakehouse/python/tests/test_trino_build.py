"""Builds on Trino are those of DuckDB, row by row (NAAP_TEST_LAKE, NAAP_TEST_TRINO: see conftest.py)."""

import random

import pytest
from gold_harness import scenarios
from naap_lake.build import build_record
from naap_lake.catalogs import open_lake
from naap_lake.lake_builds import GOLD
from naap_lake.maintain_warehouse import maintain_warehouse
from test_gold import NETWORK, RECEIVED_AT_MS
from trino_harness import BothEngines, args

PARTS = 3


@pytest.fixture(scope="module")
def both(tmp_path_factory) -> BothEngines:
    """A network and adversarial scenarios, in parts that are shuffled, each built when it came."""
    dice = random.Random(7)
    messages = [*NETWORK, *scenarios(range(4), 150)]
    messages += dice.sample(messages, len(messages) // 10)
    dice.shuffle(messages)
    both = BothEngines(tmp_path_factory.mktemp("both"))
    for part in range(PARTS):
        both.add(messages[part::PARTS], RECEIVED_AT_MS)
        result = both.build()
        assert (result["full"], result["failures"]) == (part == 0, [])
        assert both.differences() == []
    return both


def pinned_rows() -> dict[str, int]:
    """Rows of each table of gold as the last record pins it."""
    record = build_record(args(), lambda **_: None)["record"]
    with open_lake(args()) as lake:
        return {
            name: len(lake.load_table((GOLD, name)).scan(snapshot_id=int(pin["snapshot"])).to_arrow())
            for name, pin in record["gold"].items()
        }


def test_the_record_names_what_readers_read_and_how_many_rows_that_are(both):
    record = build_record(args(), lambda **_: None)["record"]
    rows = pinned_rows()
    assert rows == {name: record["tables"][name] for name in rows}
    assert rows["kpi_hourly"] > 0


def test_there_is_nothing_to_do_until_something_arrives(both):
    record = build_record(args(), lambda **_: None)
    assert both.build()["skipped"] == "nothing_new"
    assert build_record(args(), lambda **_: None) == record


def test_merged_files_have_the_same_rows_and_the_record_names_them(both):
    before = pinned_rows()
    done = maintain_warehouse({**args(), "retentionMs": 0}, lambda **_: None)
    merged = [each for each in done.values() if each["filesBefore"]]
    assert merged and all(each["filesAfter"] < each["filesBefore"] for each in merged)
    assert pinned_rows() == before
    assert both.differences() == []


def test_everything_anew_equals_what_came_in_parts(both):
    assert both.build(full=True)["full"]
    assert both.differences() == []


def test_the_rules_of_single_models_hold(both):
    """dbt's unit tests, as on DuckDB."""
    assert {name: said for name, said in both.unit_test().items() if said != "pass"} == {}
