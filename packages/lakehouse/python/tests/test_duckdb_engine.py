"""What DuckDB shows the models of bronze."""

from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from lake_fixture import run_commit
from log_fixture import LogWriter, event
from naap_lake.arrivals import HomeBronze
from naap_lake.engines.duckdb import DuckDb
from naap_lake.pins import Taken
from naap_lake.tables import TABLES


def test_bronze_is_what_it_was_when_it_was_pinned_and_arrived_what_no_build_has_taken(tmp_path: Path):
    home = tmp_path / "it's [a] home, 100%"
    log = LogWriter(home)
    log.append([event(0)])
    run_commit(home)
    before = HomeBronze(home)
    log.append([event(1), event(2)])
    run_commit(home)
    bronze = HomeBronze(home)
    log.append([event(3)])
    run_commit(home)

    engine = DuckDb(home)
    never = {spec.name: Taken(None, 0) for spec in TABLES}
    cases = {"e1 e2": bronze.arrived(before.pins), "e0 e1 e2": bronze.arrived(never), "": {}}
    for ids, arrived in cases.items():
        assert not engine.attach(bronze.pins, arrived)
        with engine.connect() as connection:
            assert connection.execute("select event_id from bronze.arrived_events order by 1").fetchall() == [(name,) for name in ids.split()]
            assert connection.execute("select count(*) from bronze.events").fetchone() == (3,)
            types = [connection.execute(f"describe bronze.{name}").fetchall() for name in ("events", "arrived_events")]
            assert [column[:2] for column in types[0]] == [column[:2] for column in types[1]]
    assert engine.state() is None


def operators(home: Path) -> list[tuple]:
    with duckdb.connect() as connection:
        DuckDb(home).attach_operators(connection)
        return connection.execute("select address, name, contact, stake from operators.operators").fetchall()


def test_operators_are_what_their_file_says_and_nobody_without_it(tmp_path: Path):
    home = tmp_path / "it's [a] home"
    home.mkdir()
    assert operators(home) == []
    file = home / "operators.csv"
    # By the names of the columns, in any order, beside others.
    file.write_text('stake,name,note,address,contact\n1000.5,"Acme, Inc. <b>",n,0xA,\nmuch,Other,,0xb,ops@other.example\n')
    assert operators(home) == [
        ("0xA", "Acme, Inc. <b>", None, Decimal("1000.5")),
        ("0xb", "Other", "ops@other.example", None),
    ]


def test_a_file_of_operators_without_their_columns_is_refused_by_its_name(tmp_path: Path):
    (tmp_path / "operators.csv").write_text("address,name\n0xa,Acme\n")
    with pytest.raises(ValueError, match="operators.csv must be a CSV with the columns address, name, contact and stake"):
        operators(tmp_path)
