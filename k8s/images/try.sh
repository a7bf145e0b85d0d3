#!/bin/sh
# Starts a broker and an edge from their images on this machine's loopback, beside a mesh of `./claviger up`. Users, capabilities
# (NET_BIND_SERVICE only) and read-only file systems are those of the manifests. Needs root, for port 80.
# Shows that the link is created, the broker becomes ready and the edge answers.
#   try.sh [--engine ENGINE] [--tag TAG] [--port PORT] [--load SECONDS]
# --load: then 2,000 requests a second, each on its own connection; prints the edge's memory use (needs wrk).
set -eu
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
engine= port=80 load=
tag=$(sed -n 's/^  <version>\(.*\)<\/version>/\1/p' "$top/pom.xml" | head -n 1)
while [ $# -gt 0 ]; do
  case $1 in
    --engine) engine=$2 ;;
    --tag) tag=$2 ;;
    --port) port=$2 ;;
    --load) load=$2 ;;
    *) sed -n '2,6s/^# *//p' "$0" >&2; exit 2 ;;
  esac
  shift 2
done
. "$here/engine"
dir=$(mktemp -d)
chmod 755 "$dir"
broker=claviger-try-broker-$$ edge=claviger-try-edge-$$

finish() {
  code=$?
  for container in "$edge" "$broker"; do
    if [ $code != 0 ]; then "$engine" logs "$container" 2>&1 | tail -n 20 >&2 || true; fi
    "$engine" stop "$container" >/dev/null 2>&1 || true
    "$engine" rm -f "$container" >/dev/null 2>&1 || true
  done
  [ -z "${mesh:-}" ] || { kill "$mesh" 2>/dev/null || true; wait "$mesh" 2>/dev/null || true; }
  rm -rf "$dir"
  exit $code
}
trap finish EXIT
trap 'exit 1' INT TERM

# wait_for WHAT SECONDS COMMAND...
wait_for() {
  what=$1 end=$(($(date +%s) + $2))
  shift 2
  until "$@" >/dev/null 2>&1; do
    [ "$(date +%s)" -lt $end ] || { echo "try: timed out: $what" >&2; exit 1; }
    sleep 0.02
  done
}
millis() { date +%s%3N; }

# run NAME OPTION... IMAGE ARGUMENT...
run() {
  name=$1
  shift
  "$engine" run -d --name "$name" --network host --read-only --cap-drop ALL --security-opt no-new-privileges -v "$dir:$dir:ro" \
    -e CLAVIGER_LOG=text "$@" >/dev/null
}

echo "try: create the link, twice"
"$engine" run --rm --network none --read-only --user 0:0 --cap-drop ALL --cap-add NET_ADMIN --security-opt no-new-privileges \
  --entrypoint /opt/claviger/bin/busybox "docker.io/claviger/node-edge:$tag" sh -ec '
  /opt/claviger/bin/busybox sh /opt/claviger/bin/link
  /opt/claviger/bin/busybox sh /opt/claviger/bin/link
  /opt/claviger/bin/busybox ip addr | /opt/claviger/bin/busybox grep -F 169.254.170.23/32'

echo "try: Kafka, the stand-in for STS, a broker to join"
"$top/claviger" up --brokers 1 --edges 1 --directory "$dir/mesh" >"$dir/up.log" 2>&1 &
mesh=$!
wait_for "the mesh" 180 grep -q 'associations are applied' "$dir/up.log"
# The keys are disposable, and the containers run as other users.
chmod -R a+rX "$dir/mesh"

echo "try: a broker"
started=$(millis)
run "$broker" --tmpfs /tmp -e AWS_REGION=eu-central-1 \
  -e "AWS_SHARED_CREDENTIALS_FILE=$dir/mesh/aws/credentials" -e "AWS_CONFIG_FILE=$dir/mesh/aws/config" \
  -e CLAVIGER_BROKER_NAME=in-a-container -e CLAVIGER_BROKER_BRIDGE_PORT=17443 -e CLAVIGER_BROKER_PEERS_PORT=15701 \
  -e CLAVIGER_BROKER_PEERS_BUS_PORT=17444 -e CLAVIGER_BROKER_API_PORT=17445 -e CLAVIGER_BROKER_ADMISSION_PORT=17446 -e CLAVIGER_BROKER_MANAGEMENT_PORT=12706 \
  "docker.io/claviger/broker:$tag" --config "$dir/mesh/settings/broker-1.yaml"
wait_for "the broker is ready" 60 curl -sf http://127.0.0.1:12706/readyz
echo "try: ready after $(($(millis) - started)) ms"

echo "try: an edge on 127.0.0.1:$port"
token=$("$top/claviger" token --directory "$dir/mesh" --namespace shop --service-account checkout --pod checkout-0 --node node-1)
url=http://127.0.0.1:$port/v1/credentials
started=$(millis)
run "$edge" --cap-add NET_BIND_SERVICE -e "CLAVIGER_EDGE_LISTEN=127.0.0.1:$port" \
  -e CLAVIGER_EDGE_UPSTREAM_BROKERS=127.0.0.1:17443 -e CLAVIGER_EDGE_MANAGEMENT_PROBES=127.0.0.1:12703 \
  -e CLAVIGER_EDGE_MANAGEMENT_METRICS=127.0.0.1:12705 "docker.io/claviger/node-edge:$tag" --config "$dir/mesh/settings/node-1.yaml"
wait_for "the edge answers" 30 curl -sf -H "Authorization: $token" "$url"
echo "try: answered after $(($(millis) - started)) ms"
curl -sf -H "Authorization: $token" "$url" | sed 's/"SecretAccessKey":"[^"]*"/"SecretAccessKey":"…"/; s/"Token":"[^"]*"/"Token":"…"/'
echo

if [ -n "$load" ]; then
  # 40 connections at a time, each after a delay of 20 ms.
  echo 'function delay() return 20 end' >"$dir/paced.lua"
  wrk -t 1 -c 40 -d "${load}s" -s "$dir/paced.lua" --latency -H "Authorization: $token" -H 'Connection: close' "$url" |
    grep -E 'Requests/sec|99%|Non-2xx|Socket' || true
  process=$("$engine" inspect -f '{{.State.Pid}}' "$edge")
  awk '/^(Rss|Private_Dirty):/ {printf "try: edge %s %d MB\n", $1, $2 / 1024}' "/proc/$process/smaps_rollup"
  process=$("$engine" inspect -f '{{.State.Pid}}' "$broker")
  awk '/^(Rss|Private_Dirty):/ {printf "try: broker %s %d MB\n", $1, $2 / 1024}' "/proc/$process/smaps_rollup"
fi
echo "try: ok"
