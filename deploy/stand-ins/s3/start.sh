#!/bin/bash
# `server /data`, as MinIO is started. A bucket is a folder.
set -euo pipefail
ROOT_ACCESS_KEY=$(cat "$MINIO_ROOT_USER_FILE")
ROOT_SECRET_KEY=$(cat "$MINIO_ROOT_PASSWORD_FILE")
export ROOT_ACCESS_KEY ROOT_SECRET_KEY
folder=${2:-/data}
mkdir -p "$folder/buckets" "$folder/versions"
exec versitygw --port :9000 --region us-east-1 --quiet posix --versioning-dir "$folder/versions" "$folder/buckets"
