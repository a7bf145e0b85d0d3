#!/usr/bin/env bash
# Builds an image that answers to the name apache/kafka, from Debian packages and the Maven jars that load-tests
# uses. Needs root, debootstrap and podman. usage: build.sh [TAG]
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
tag=${1:-docker.io/apache/kafka:4.3.1}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mirror=$(apt-get indextargets --format '$(REPO_URI)' | grep -v security | head -n 1)
debootstrap --variant=minbase stable "$work/rootfs" "$mirror"
"$JAVA_HOME/bin/jlink" --add-modules java.se,jdk.unsupported,jdk.management,jdk.crypto.ec --strip-debug --output "$work/jdk"
mkdir "$work/lib"
cp "$here"/../../target/lib/*.jar "$work/lib/"
rm -f "$work"/lib/*-SNAPSHOT.jar
cp "$here"/{Dockerfile,run,logback.xml} "$work/"
chmod +x "$work/run"
podman build -t "$tag" "$work"
