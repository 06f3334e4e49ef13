#!/usr/bin/env bash
# Builds the foreign peers outside the tree: build.sh rust | python
# Standard output ends with the directory of the binaries, or with the path of the Python interpreter that has the client.
set -euo pipefail

readonly missing_tool=3
readonly store_server=simd-r-drive-ws-server
declare -rA store_server_versions=([0-11]=0.11.0-alpha [0-17]=0.17.5-alpha)

fail() {
  echo "build.sh: $2" >&2
  exit "$1"
}

need() {
  command -v "$1" >/dev/null || fail "$missing_tool" "$1 is missing"
}

# One hash over the names and contents of the given files and folders, without what a build by hand leaves in them.
hash_of() {
  find "$@" -name target -prune -o -type f ! -name Cargo.lock -print0 |
    LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -c1-16
}

# Unused for two weeks: nobody is likely to come back to that state of the sources.
forget_old() {
  find "$1" -mindepth 1 -maxdepth 1 -name "$2" -mtime +14 -exec rm -rf {} +
}

# Programs are no dependencies that a crate of the workspace could name. They are built with what their authors locked, or cargo
# would take later releases that they have never met. install_store_servers KEPT TARGET
install_store_servers() {
  local generation version
  for generation in "${!store_server_versions[@]}"; do
    version=${store_server_versions[$generation]}
    [[ -e $1/$version/bin/$store_server ]] ||
      cargo install --quiet --locked --root "$1/$version" --version "=$version" "$store_server" >&2 ||
      fail 1 "cargo could not install $store_server $version"
    cp "$1/$version/bin/$store_server" "$2/$store_server-$generation"
  done
}

build_rust() {
  need cargo
  local home="$cache/rust"
  local work="$home/workspace"
  mkdir -p "$home"
  exec 9>"$home/lock"
  flock 9

  local bin
  bin="$home/bin-$(hash_of build.sh rust)"
  if [[ ! -d $bin ]]; then
    # Cargo.lock stays from build to build, so that dependencies are neither looked up nor built again.
    mkdir -p "$work"
    find "$work" -mindepth 1 -maxdepth 1 ! -name Cargo.lock -exec rm -rf {} +
    tar -C rust -cf - --exclude=target --exclude=Cargo.lock . | tar -C "$work" -xmf -
    (cd "$work" && CARGO_TARGET_DIR="$home/target" cargo build --release --workspace) >&2 ||
      fail 1 "cargo could not build the Rust peers"

    rm -rf "$home/new"
    mkdir "$home/new"
    local program
    for program in $(sed -n 's/^name = "\(.*\)"$/\1/p' rust/*/Cargo.toml | sort -u); do
      cp "$home/target/release/$program" "$home/new" >&2 || fail 1 "cargo left $program out"
    done
    install_store_servers "$home/installed" "$home/new"
    mv "$home/new" "$bin"
  fi
  touch "$bin"
  forget_old "$home" 'bin-*'
  echo "$bin"
}

build_python() {
  need python3
  python3 -c 'import ensurepip, venv' 2>/dev/null || fail "$missing_tool" "python3 has no venv or no ensurepip"
  local home="$cache/python"
  mkdir -p "$home"
  exec 9>"$home/lock"
  flock 9

  local version venv
  version=$(python3 -c 'import sys; print("{}.{}".format(*sys.version_info))')
  venv="$home/venv-$version-$(hash_of python/requirements.txt)"
  if [[ ! -e $venv/complete ]]; then
    rm -rf "$venv"
    python3 -m venv "$venv" >&2 || fail 1 "python3 could not make a virtual environment"
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-input --only-binary :all: \
      -r python/requirements.txt >&2 || fail 1 "pip could not install the Python client"
    touch "$venv/complete"
  fi
  touch "$venv"
  forget_old "$home" 'venv-*'
  echo "$venv/bin/python"
}

need flock
need sha256sum
cache="${MUXIO_PEERS_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/muxio-java-peers}"
[[ $cache == /* ]] || cache="$PWD/$cache"
cd "$(dirname "${BASH_SOURCE[0]}")"
case "${1:-}" in
  rust) build_rust ;;
  python) build_python ;;
  *) fail 2 "usage: build.sh rust | python" ;;
esac
