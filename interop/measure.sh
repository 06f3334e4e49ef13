#!/usr/bin/env bash
# The time of a single unary call of the unchanged Rust client 0.17.2, one call at a time over loopback:
# with our server and with the reference's own, in turn. Needs interop/target/interop-peer.jar.
# usage: interop/measure.sh [ROUNDS]
set -euo pipefail
cd "$(dirname "$0")"
rounds=${1:-5}
programs=$(./peers/build.sh rust | tail -n 1)
work=$(mktemp -d)
servers=()
trap 'kill "${servers[@]}" 2>/dev/null || true; rm -rf "$work"' EXIT

# start NAME COMMAND…: runs a server and leaves its port in $port
start() {
  local name=$1
  shift
  "$@" >"$work/$name" 2>"$work/$name.err" &
  servers+=($!)
  for _ in $(seq 100); do
    port=$(sed -n 's|^listening on ws://127.0.0.1:\([0-9]*\)/ws$|\1|p' "$work/$name")
    [ -z "$port" ] || return 0
    sleep 0.1
  done
  cat "$work/$name.err" >&2
  exit 1
}

start java java -jar target/interop-peer.jar server --port 0
java=$port
start rust "$programs/muxio-server-0-17" --port 0
rust=$port

measure() {
  "$programs/muxio-client-0-17" --host 127.0.0.1 --port "$1" --measure "$2" --warmup "$3"
}

measure "$java" 10000 10000 >/dev/null
for round in $(seq "$rounds"); do
  echo "round $round, Muxio for Java: $(measure "$java" 10000 1000)"
  echo "round $round, Rust 0.17.2:    $(measure "$rust" 100 10)"
done
