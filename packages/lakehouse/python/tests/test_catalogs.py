from pathlib import Path
from typing import Any

import pytest
from lake_fixture import no_progress
from naap_lake.catalogs import open_catalog, open_lake, rest
from naap_lake.catalogs.settings import LakeSettings, lake_of
from naap_lake.describe import describe
from naap_lake.ops import BadRequest
from naap_lake.tables import EVENTS, QUARANTINE, ensure_table

S3 = {"endpoint": "http://127.0.0.1:9000", "region": "us-east-1", "accessKeyId": "naap", "secretAccessKey": "s3cret"}
LAKE = {"catalog": "rest", "uri": "http://127.0.0.1:1", "warehouse": "s3://lake/warehouse", "s3": S3}


def settings(**changed: Any) -> LakeSettings | None:
    return lake_of({"lake": LAKE | changed})


def test_a_lake_without_settings_is_in_the_home(tmp_path: Path):
    assert lake_of({"home": str(tmp_path)}) is None
    assert describe({"home": str(tmp_path)}, no_progress) == {"tables": {}}


def test_settings_become_the_properties_that_pyiceberg_knows():
    assert settings().properties() == {
        "uri": "http://127.0.0.1:1",
        "warehouse": "s3://lake/warehouse",
        "py-io-impl": "pyiceberg.io.pyarrow.PyArrowFileIO",
        "s3.endpoint": "http://127.0.0.1:9000",
        "s3.region": "us-east-1",
        "s3.access-key-id": "naap",
        "s3.secret-access-key": "s3cret",
    }
    assert settings(s3=None).properties()["py-io-impl"] == "naap_lake.file_io.DurableFileIO"


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"catalog": "glue"}, "args.lake.catalog must be one of hive, rest"),
        ({"uri": ""}, "args.lake.uri must be a text"),
        ({"warehouse": 1}, "args.lake.warehouse must be a text"),
        ({"s3": "s3cret"}, "args.lake.s3 must be an object"),
        ({"s3": S3 | {"accessKeyId": None}}, "args.lake.s3.accessKeyId must be a text"),
    ],
)
def test_settings_that_are_wrong_are_refused_by_name_and_no_secret_is_repeated(changed: dict[str, Any], message: str):
    with pytest.raises(BadRequest, match=message) as refused:
        settings(**changed)
    assert "s3cret" not in str(refused.value)
    assert "s3cret" not in repr(settings())


def test_the_catalog_that_is_set_is_opened_and_none_in_the_home(tmp_path: Path, monkeypatch):
    opened = []
    monkeypatch.setattr(rest.RestCatalog, "__init__", lambda self, name, **properties: opened.append(properties))
    open_lake({"home": str(tmp_path), "lake": LAKE})
    assert opened == [settings().properties()]
    assert list(tmp_path.iterdir()) == []


def test_a_table_is_made_with_its_order_and_a_sink_may_try_its_commits_again(tmp_path: Path):
    with open_catalog(tmp_path) as catalog:
        events = ensure_table(catalog, EVENTS, for_sink=True)
        order = [events.schema().find_column_name(field.source_id) for field in events.sort_order().fields]
        assert order == list(EVENTS.sort_by)
        assert int(events.properties["commit.retry.num-retries"]) > 0
        quarantine = ensure_table(catalog, QUARANTINE)
        assert quarantine.sort_order().is_unsorted
        assert quarantine.properties["commit.retry.num-retries"] == "0"
