#!/bin/sh
# Builds a base image for the other images from Debian packages and the JDK 25 of JAVA_HOME, for machines without a registry.
# Needs root, debootstrap and a container engine.
#   base.sh [--engine ENGINE] [TAG]     then: build.sh --base TAG
set -eu
here=$(cd "$(dirname "$0")" && pwd)
engine=
if [ "${1:-}" = --engine ]; then
  engine=$2
  shift 2
fi
tag=${1:-localhost/claviger/base:25}
. "$here/engine"
[ -x "${JAVA_HOME:?}/bin/jlink" ] || { echo "base: JAVA_HOME is not a JDK with jlink: $JAVA_HOME" >&2; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mirror=$(apt-get indextargets --format '$(REPO_URI)' | grep -v security | head -n 1)
debootstrap --variant=minbase --include=libcap2-bin,busybox-static stable "$work/root" "$mirror"
mkdir -p "$work/root/opt"
# Distributions put links to their own files into a JDK.
cp -rL --preserve=mode,timestamps "$JAVA_HOME" "$work/root/opt/jdk"
tar -C "$work/root" -cf "$work/base.tar" .
rm -rf "$work/root"
cat >"$work/Dockerfile" <<'END'
FROM scratch
ADD base.tar /
ENV JAVA_HOME=/opt/jdk PATH=/opt/jdk/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
END
"$engine" build -t "$tag" "$work"
echo "$tag"
