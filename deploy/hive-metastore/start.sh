#!/bin/bash
# Starts the metastore; makes its tables in an empty database first. metastore-site.xml takes secrets from variables, which come
# from files.
set -euo pipefail
for secret in s3_access_key s3_secret_key metastore_password; do
  value=$(cat "/run/secrets/$secret")
  export "${secret^^}=$value"
done
# No question to a cloud that isn't there.
export AWS_EC2_METADATA_DISABLED=true METASTORE_HOME=/opt/hive

options=(-Xmx320m -XX:TieredStopAtLevel=1 -Dlog4j.configurationFile=/opt/hive/conf/log4j2.properties)
for package in java.base/java.{lang,net,util,util.concurrent,lang.reflect} java.sql/java.sql; do
  options+=("--add-opens=$package=ALL-UNNAMED")
done
# Ours come first: of some libraries they are newer than Hive's.
run() { java "${options[@]}" -cp '/opt/hive/conf:/opt/hive/first/*:/opt/hive/lib/*' "$@"; }

schema=org.apache.hadoop.hive.metastore.tools.MetastoreSchemaTool
run $schema -dbType postgres -info >/dev/null 2>&1 || run $schema -dbType postgres -initSchema
exec java "${options[@]}" -cp '/opt/hive/conf:/opt/hive/first/*:/opt/hive/lib/*' org.apache.hadoop.hive.metastore.HiveMetaStore -p 9083
