#!/bin/bash
# `portal`, or `worker STEP...`: a process of the backend with the configuration that is mounted.
set -euo pipefail
role=${1:?portal or worker}
shift
# Backstage takes tokens of others from variables, not from files.
NAAP_TOKEN=$(cat /run/secrets/portal_token)
export NAAP_TOKEN
if [ "$role" = worker ]; then
  APP_CONFIG_naap_worker_steps=$(printf '"%s",' "$@")
  export APP_CONFIG_naap_worker_steps="[${APP_CONFIG_naap_worker_steps%,}]"
fi
exec node --enable-source-maps --max-semi-space-size=32 --max-old-space-size=1024 \
  packages/backend/dist/backend.cjs --config app-config.yaml --config /etc/naap/app-config.yaml
