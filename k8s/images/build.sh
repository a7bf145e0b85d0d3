#!/usr/bin/env bash
# Builds the images with docker, podman or buildah.
#   build.sh [--engine ENGINE] [--base IMAGE] [--tag TAG] [broker] [node-edge] [demo]
# --base: the base image, if eclipse-temurin:25-jdk cannot be pulled. base.sh builds one from Debian packages.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
engine= base= programs=
tag=$(sed -n 's/^  <version>\(.*\)<\/version>/\1/p' "$top/pom.xml" | head -n 1)
while [ $# -gt 0 ]; do
  case $1 in
    --engine) engine=$2; shift 2 ;;
    --base) base=$2; shift 2 ;;
    --tag) tag=$2; shift 2 ;;
    broker | node-edge | demo) programs="$programs $1"; shift ;;
    *) sed -n '2,4s/^# *//p' "$0" >&2; exit 2 ;;
  esac
done
. "$here/engine"

# podman and buildah request more files and processes than some machines allow.
limits=
if [ "$engine" != docker ]; then
  files=$(ulimit -Hn | sed s/unlimited/1048576/) processes=$(ulimit -Hu | sed s/unlimited/1048576/)
  limits="--ulimit nofile=$files:$files --ulimit nproc=$processes:$processes"
fi

# sizes IMAGE: its unpacked size and the size of its AOT cache. Measured in the image, because engines define size differently.
sizes() {
  [ "$engine" != buildah ] || return 0
  # shellcheck disable=SC2016 # The shell in the image expands it.
  "$engine" run --rm --network none --user 0:0 --entrypoint /opt/claviger/bin/busybox "$1" sh -ec '
    mb() { /opt/claviger/bin/busybox du -sm "$@" | /opt/claviger/bin/busybox awk "{sum += \$1} END {print sum + 0}"; }
    echo ": $(mb /opt /usr /etc /lib* /bin /var 2>/dev/null) MB unpacked, of that $(mb /opt/claviger/*.aot 2>/dev/null) MB AOT cache"'
}

# Rebuilds only what is out of date.
"$top/claviger" --help >/dev/null
built=
for program in ${programs:-broker node-edge demo}; do
  # The name in the manifests, which omit docker.io.
  image=docker.io/claviger/$program:$tag
  # A local base has all tools, so the build needs no network.
  "$engine" build $limits ${base:+--network none --build-arg "BASE=$base"} -f "$here/$program.Dockerfile" -t "$image" "$top"
  if [ "$engine" != buildah ] && [ "$program" != demo ]; then
    # Checks that the cache fits this runtime and these jars. Java ignores an unfit cache silently.
    "$engine" run --rm --network none --entrypoint /usr/lib/jvm/claviger/bin/java --cap-drop ALL --cap-add NET_BIND_SERVICE "$image" \
      -XX:AOTMode=on "-XX:AOTCache=/opt/claviger/$program.aot" @/opt/claviger/jvm.options -jar "/opt/claviger/$program.jar" --help >/dev/null
  fi
  built="$built $image"
done
for image in $built; do
  echo "$image$(sizes "$image")"
done
