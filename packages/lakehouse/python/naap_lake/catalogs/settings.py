"""Which catalog of other processes the lake is in: the `lake` of the args of an op. Pure."""

from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from naap_lake.ops import BadRequest, text_of

Kind = Literal["hive", "rest"]


@dataclass(frozen=True)
class S3Settings:
    endpoint: str
    region: str
    access_key_id: str = field(repr=False)
    secret_access_key: str = field(repr=False)


@dataclass(frozen=True)
class LakeSettings:
    catalog: Kind
    uri: str
    """`thrift://host:port` of a Hive Metastore, several with commas; the base URL of a REST catalog."""
    warehouse: str
    """Folder or `s3://` location; for REST the name that the catalog has for it."""
    s3: S3Settings | None = None

    def properties(self) -> dict[str, str]:
        """What PyIceberg calls these settings."""
        files = {"py-io-impl": "naap_lake.file_io.DurableFileIO"}
        if self.s3:
            files = {
                "py-io-impl": "pyiceberg.io.pyarrow.PyArrowFileIO",
                "s3.endpoint": self.s3.endpoint,
                "s3.region": self.s3.region,
                "s3.access-key-id": self.s3.access_key_id,
                "s3.secret-access-key": self.s3.secret_access_key,
            }
        return {"uri": self.uri, "warehouse": self.warehouse, **files}


def is_shared(args: dict[str, Any]) -> bool:
    """Whether other processes write the lake that the args of an op name."""
    return args.get("lake") is not None


def lake_of(args: dict[str, Any]) -> LakeSettings | None:
    """`args.lake`: {catalog: hive|rest, uri, warehouse, s3?: {endpoint, region, accessKeyId, secretAccessKey}}.

    None where there is none: the lake is in the home. They come over stdin, so that no secret is in a command line.
    """
    given = args.get("lake")
    if given is None:
        return None
    catalog = text_of(given, "catalog", "args.lake")
    if catalog not in get_args(Kind):
        raise BadRequest(f"args.lake.catalog must be one of {', '.join(get_args(Kind))}")
    s3 = given.get("s3")
    return LakeSettings(
        catalog=catalog,
        uri=text_of(given, "uri", "args.lake"),
        warehouse=text_of(given, "warehouse", "args.lake"),
        s3=None
        if s3 is None
        else S3Settings(
            endpoint=text_of(s3, "endpoint", "args.lake.s3"),
            region=text_of(s3, "region", "args.lake.s3"),
            access_key_id=text_of(s3, "accessKeyId", "args.lake.s3"),
            secret_access_key=text_of(s3, "secretAccessKey", "args.lake.s3"),
        ),
    )
