#!/bin/bash
# Starts Trino in its image: `start.sh coordinator|worker`. Catalogs take secrets from variables, which come from files; which
# catalog the lake is in says LAKE_CATALOG: hive or rest.
set -euo pipefail
for secret in s3_access_key s3_secret_key portal_password; do
  value=$(cat "/run/secrets/$secret")
  export "${secret^^}=$value"
done
# No question to a cloud that isn't there.
export AWS_EC2_METADATA_DISABLED=true
rm -rf /tmp/ready /tmp/catalog
mkdir /tmp/catalog
cat /trino/lake/{iceberg,"$LAKE_CATALOG"}.properties >/tmp/catalog/lake.properties
cp /trino/operators.properties /tmp/catalog/
exec /usr/lib/trino/bin/launcher run --etc-dir /trino --config "/trino/$1.properties" -D "node.id=$HOSTNAME"
