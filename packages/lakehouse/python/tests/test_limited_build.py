"""A build of one model and its children mends them, and leaves what a full build makes."""

import pytest

from gold_harness import Gold, build_op, differences, reference, same_tables, scenarios
from generate import RECEIVED_AT_MS, generate_rounds
from naap_lake.dbt_project import BuildError, DbtProject

NETWORK = scenarios(range(200, 208), 80) + generate_rounds(3, 20)


@pytest.fixture
def gold(tmp_path):
    """Half of the network built, the other half arrived since."""
    gold = Gold(tmp_path)
    gold.add(NETWORK[::2], RECEIVED_AT_MS)
    build(gold)
    gold.add(NETWORK[1::2], RECEIVED_AT_MS)
    return gold


def build(gold, **args):
    return build_op(gold.home, **args)


def change(gold, sql):
    with gold.connect() as connection:
        connection.execute(sql)


def scalar(gold, sql):
    with gold.connect() as connection:
        return connection.execute(sql).fetchone()[0]


def assert_equals_a_full_build(gold):
    assert differences(gold, reference(NETWORK, RECEIVED_AT_MS)) == []
    limited = gold.tables()
    assert build(gold, full=True)["full"]
    assert same_tables(limited, gold.tables()) == []


def test_damaged_hourly_rows_are_mended_after_what_arrived_is_built(gold):
    change(gold, "update gold.kpi_hourly set requests = requests + 1000 where failed = 0")
    change(gold, "delete from gold.kpi_hourly where failed > 0")
    result = build(gold, model="kpi_hourly")
    assert (result["full"], result["skipped"], result["failures"]) == (False, None, [])
    names = [model["name"] for model in result["models"]]
    assert names.count("fct_requests") == 1 and names.count("kpi_hourly") == 2
    assert_equals_a_full_build(gold)


def test_a_damaged_silver_table_is_mended_with_all_that_is_made_from_it(gold):
    build(gold)
    change(gold, "delete from silver.statuses where envelope_ms % 2 = 0")
    change(gold, "delete from gold.output_samples")
    assert build(gold, model="statuses")["failures"] == []
    assert_equals_a_full_build(gold)


def test_every_day_is_announced_and_the_state_stays_where_silver_is(gold):
    build(gold)
    offset = scalar(gold, "select max(next_offset) from gold.build_state")
    result = build(gold, model="kpi_latency_hourly")
    assert scalar(gold, "select min(build_id) from gold.gold_days") == result["buildId"]
    assert scalar(gold, "select max(next_offset) from gold.build_state") == offset == gold.offset
    assert build(gold)["skipped"] == "nothing_new"


def test_a_limited_build_that_broke_off_is_followed_by_a_full_one(gold, monkeypatch):
    def dies(self, *command):
        if "--select" in command:
            raise BuildError("the engine fell over")
        return run(self, *command)

    run = DbtProject.run
    monkeypatch.setattr(DbtProject, "run", dies)
    with pytest.raises(BuildError, match="fell over"):
        build(gold, model="fct_requests")
    monkeypatch.undo()
    assert build(gold)["full"]


def test_an_unknown_model_is_refused_with_the_names_of_those_that_there_are(gold):
    for name in ("kpi_daily", "request_edges", "*"):
        with pytest.raises(BuildError, match=r"no model '.*'; there are arrivals, build_state, .*kpi_hourly.*, traces"):
            build(gold, model=name)


def test_the_record_of_a_build_tells_rows_and_tests_of_each_table(gold):
    result = build(gold, model="kpi_hourly")
    record = gold.warehouse.read_build()
    assert record["tables"]["kpi_hourly"] == scalar(gold, "select count(*) from gold.kpi_hourly")
    assert record["checks"]["kpi_hourly_grain"] == {"status": "passed", "node": "model.naap.kpi_hourly"}
    # Of silver the last test is that of the full build.
    assert record["checks"]["traces_grain"]["status"] == "passed"
    rows = {model["name"]: model["rows"] for model in result["models"]}
    assert rows["kpi_hourly"] == record["tables"]["kpi_hourly"] and rows["request_edges"] is None
