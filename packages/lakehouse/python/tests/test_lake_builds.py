"""The record of the builds of a lake that machines share."""

from pathlib import Path

import pyarrow as pa
import pytest
from naap_lake.lake_builds import BUILDS, GOLD, LakeBuilds, TakenOver
from naap_lake.maintain_warehouse import maintain_warehouse
from pyiceberg.catalog.sql import SqlCatalog


@pytest.fixture
def catalog(tmp_path: Path):
    with SqlCatalog("naap", uri=f"sqlite:///{tmp_path}/catalog.db", warehouse=str(tmp_path)) as catalog:
        yield catalog


def record(number: int) -> dict:
    return {"build": {"id": f"b{number}"}, "watermark": None}


def test_the_last_build_is_told_to_whoever_opens_the_lake_with_gold_as_it_left_it(catalog):
    builds = LakeBuilds(catalog)
    assert builds.read_build() is None
    builds.begin()
    served = catalog.create_table((GOLD, "kpi_hourly"), pa.schema([("n", pa.int64())]))
    empty = catalog.create_table((GOLD, "fct_swaps"), pa.schema([("n", pa.int64())]))
    for number in range(2):
        served.append(pa.table({"n": [number]}))
        builds.write_build(record(number))
    assert empty.current_snapshot() is None
    found = LakeBuilds(catalog).read_build()
    pinned = {"kpi_hourly": {"snapshot": str(served.current_snapshot().snapshot_id), "metadata": served.metadata_location}}
    assert found == {**record(1), "gold": pinned}


def test_the_newest_records_stay_in_the_order_in_which_the_builds_ended(catalog, monkeypatch):
    monkeypatch.setattr("naap_lake.lake_builds.KEPT", 3)
    builds = LakeBuilds(catalog)
    builds.begin()
    for number in range(5):
        builds.write_build(record(number))
    assert catalog.load_table((GOLD, BUILDS)).scan().to_arrow()["build_id"].to_pylist() == ["b2", "b3", "b4"]


def test_a_full_build_that_broke_off_is_known_to_the_next(catalog):
    builds = LakeBuilds(catalog)
    builds.begin()
    builds.begin_anew()
    assert LakeBuilds(catalog).is_half_made() and LakeBuilds(catalog).read_build() is None
    builds.made_anew()
    assert not LakeBuilds(catalog).is_half_made()


@pytest.mark.parametrize("built", [0, 1])
def test_who_was_taken_for_dead_records_nothing_after_another_began(catalog, built):
    slept, awake = LakeBuilds(catalog), LakeBuilds(catalog)
    slept.begin()
    for number in range(built):
        slept.write_build(record(number))
    awake.begin()
    for write in (lambda: slept.write_build(record(7)), slept.begin_anew, slept.made_anew):
        with pytest.raises(TakenOver):
            write()
    awake.write_build(record(8))
    assert LakeBuilds(catalog).read_build()["build"] == {"id": "b8"}
    assert not LakeBuilds(catalog).is_half_made()


def test_nor_when_the_other_begins_at_the_moment_of_the_commit(catalog, monkeypatch):
    slept, awake = LakeBuilds(catalog), LakeBuilds(catalog)
    slept.begin()
    slept.write_build(record(1))
    monkeypatch.setattr(slept, "_gold", lambda: awake.begin() or {})
    with pytest.raises(TakenOver):
        slept.write_build(record(7))
    assert LakeBuilds(catalog).read_build()["build"] == {"id": "b1"}


def test_before_the_first_build_there_is_nothing_to_keep(tmp_path: Path):
    nowhere = {"url": "http://127.0.0.1:1", "user": "naap", "catalog": "lake"}
    assert maintain_warehouse({"home": str(tmp_path), "trino": nowhere}, lambda **_: None) == {}
