#!/usr/bin/env bash
# Gets what images copy, into the `dist` of each: `fetch.sh [FOLDER...]`, by default those of ours. Jars come by Maven, the S3
# server of the stand-ins by Go: nothing is resolved inside of a build but Debian's packages.
set -euo pipefail
cd "$(dirname "$0")"
command -v mvn >/dev/null || { echo "Maven is missing: apt-get install maven" >&2; exit 1; }
dependencies=org.apache.maven.plugins:maven-dependency-plugin:3.6.1

# FOLDER [TARGET]: what its pom.xml needs when it runs. Made whole, so that one that was cut off is not taken for it.
jars() {
  local target="$1/dist${2:+/$2}"
  [ "$target/.of" -nt "$1/pom.xml" ] && return
  echo "jars of $1"
  rm -rf "$target"
  mvn -B -q -f "$1/pom.xml" "$dependencies:copy-dependencies" -DoutputDirectory="$PWD/$target" -DincludeScope=runtime
  touch "$target/.of"
}

[ $# -gt 0 ] || set -- connect hive-metastore
for image in "$@"; do
  case $image in
  connect | stand-ins/kafka) jars "$image" ;;
  hive-metastore)
    jars hive-metastore libs
    [ -d hive-metastore/dist/metastore ] && continue
    echo 'Hive Metastore'
    part=$(mktemp -d)
    mvn -B -q "$dependencies:copy" -Dartifact=org.apache.hive:hive-standalone-metastore:3.1.3:tar.gz:bin -DoutputDirectory="$part"
    mkdir "$part/metastore"
    tar -xzf "$part"/*.tar.gz -C "$part/metastore" --strip-components=1
    mv "$part/metastore" hive-metastore/dist/metastore
    rm -rf "$part"
    ;;
  stand-ins/s3)
    [ -x stand-ins/s3/dist/versitygw ] && continue
    echo 'versitygw'
    # Static: it runs in any image.
    GOBIN=$PWD/stand-ins/s3/dist CGO_ENABLED=0 go install github.com/versity/versitygw/cmd/versitygw@v1.8.0
    ;;
  *)
    echo "no image $image: use connect, hive-metastore, stand-ins/kafka or stand-ins/s3" >&2
    exit 2
    ;;
  esac
done
