#!/usr/bin/env bash
# Random secrets of a stack, once. Each container reads them as a user of its own, so the folder is what nobody else may enter.
set -euo pipefail
cd "$(dirname "$0")"
mkdir -p -m 700 secrets
for name in s3_access_key s3_secret_key postgres_password metastore_password nessie_password portal_password portal_token \
  clickhouse_reader_password clickhouse_loader_password; do
  [ -s "secrets/$name" ] && continue
  # No newline at the end: not everybody who reads them takes it off.
  head -c 24 /dev/urandom | base64 | tr -d '/+=\n' >"secrets/$name"
  chmod 444 "secrets/$name"
done
