#!/usr/bin/env bash
# What 64 tasks of the unchanged Rust data store client 0.17.5 read and write at once over loopback: with the reference's own
# server, which leaves it to the operating system when a write gets to the disk, with ours that does the same, and with ours that
# acknowledges a write when it is on the disk. Prints the medians of the rounds as a Markdown table. Needs
# examples/datastore/target/datastore.jar; the stores are in $TMPDIR.
# usage: interop/measure-datastore.sh [ROUNDS [CONNECTIONS]]
set -euo pipefail
cd "$(dirname "$0")"
rounds=${1:-5}
connections=${2:-1}
programs=$(./peers/build.sh rust | tail -n 1)
work=$(mktemp -d)
processes=()
trap 'kill "${processes[@]}" 2>/dev/null || true; wait; rm -rf "$work"' EXIT

readonly loads=(
  'reads of 64 bytes|--reads 64 --value 64'
  'writes of 64 bytes|--writes 64 --value 64'
  'writes of 4 KiB|--writes 64 --value 4096'
)
readonly servers=(rust os commit)

# start NAME COMMAND…: runs a server that chooses its port, and keeps it in ${ports[NAME]}
declare -A ports
start() {
  local name=$1
  shift
  "$@" >"$work/$name" 2>"$work/$name.err" &
  processes+=($!)
  for _ in $(seq 100); do
    # The reference's server tells it in its log only.
    ports[$name]=$(sed -En 's#^(listening|.* running) on (ws://)?127\.0\.0\.1:([0-9]+)(/ws)?$#\3#p' "$work/$name")
    [ -z "${ports[$name]}" ] || return 0
    sleep 0.1
  done
  cat "$work/$name.err" >&2
  exit 1
}

# load NAME SECONDS WARMUP OPTIONS…
load() {
  "$programs/data-store" --host 127.0.0.1 --port "${ports[$1]}" --load "$2" --warmup "$3" --connections "$connections" "${@:4}"
}

# median FILE FIELD: of the figures that the field has in the lines of the file
median() {
  sed -n "s/.* $2=\([0-9.]*\).*/\1/p" "$1" | sort -n |
    awk '{ values[NR] = $1 } END { print NR % 2 ? values[(NR + 1) / 2] : (values[NR / 2] + values[NR / 2 + 1]) / 2 }'
}

start rust "$programs/simd-r-drive-ws-server-0-17" "$work/rust.store"
start os java -jar ../examples/datastore/target/datastore.jar --port 0 --data "$work/os.data" --sync os
start commit java -jar ../examples/datastore/target/datastore.jar --port 0 --data "$work/commit.data"

for server in os commit; do
  load "$server" 5 0 --reads 32 --writes 32 >/dev/null
done
for round in $(seq "$rounds"); do
  for at in "${!loads[@]}"; do
    for server in "${servers[@]}"; do
      read -ra options <<<"${loads[$at]#*|}"
      line=$(load "$server" 5 1 "${options[@]}") || { echo "$line" >&2 && exit 1; }
      echo "round $round, $server, ${loads[$at]%|*}: $line" >&2
      echo "$line" >>"$work/$server.$at"
    done
  done
done

echo "| 64 at once, $connections connections | Rust server 0.17.5 | Muxio for Java, \`--sync os\` | Muxio for Java, \`--sync commit\` |"
echo '|---|---|---|---|'
for at in "${!loads[@]}"; do
  row="| ${loads[$at]%|*} |"
  for server in "${servers[@]}"; do
    figures="$work/$server.$at"
    row+=" $(median "$figures" per_s)/s, $(median "$figures" median_us) µs, p99 $(median "$figures" p99_us) µs |"
  done
  echo "$row"
done
