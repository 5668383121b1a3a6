"""The Python side of the lakehouse: Iceberg writer and maintenance, dbt, gold export."""
