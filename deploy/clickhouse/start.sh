#!/bin/bash
# The image's own start, with secrets where the configuration looks for them.
set -euo pipefail
READER_PASSWORD=$(cat /run/secrets/clickhouse_reader_password)
LOADER_PASSWORD=$(cat /run/secrets/clickhouse_loader_password)
S3_ACCESS_KEY=$(cat /run/secrets/s3_access_key)
S3_SECRET_KEY=$(cat /run/secrets/s3_secret_key)
export READER_PASSWORD LOADER_PASSWORD S3_ACCESS_KEY S3_SECRET_KEY
exec /entrypoint.sh
