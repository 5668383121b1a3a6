#!/bin/bash
# Starts Nessie in its image, with secrets in variables, which come from files. All else about it is in application.properties.
set -euo pipefail
for secret in s3_access_key s3_secret_key nessie_password; do
  value=$(cat "/run/secrets/$secret")
  export "${secret^^}=$value"
done
# No question to a cloud that isn't there.
export AWS_EC2_METADATA_DISABLED=true
exec java -Xmx384m -XX:TieredStopAtLevel=1 -Dsmallrye.config.locations=file:/nessie/application.properties -jar /deployments/quarkus-run.jar
