#!/usr/bin/env bash
# The load tools of `./dev bench peers` that the distribution does not have, each of one version, into build/peers/tools.
# Nothing leaves that folder but the package managers' own caches. A tool that cannot be had leaves its reason in
# NAME.failed, and the table names it. `install.sh k6` installs no other.
set -uo pipefail
cd "$(dirname "$0")/../.."

WHERE=$PWD/build/peers/tools
export GOTOOLCHAIN=local GOTELEMETRY=off GOBIN=$WHERE/bin CARGO_BUILD_JOBS=1
mkdir -p "$WHERE/bin"
ONLY=" $* "

wanted() { [ "$ONLY" = "  " ] || [[ $ONLY == *" $1 "* ]]; }

go_module() { # NAME MODULE VERSION PACKAGE: of a module of our own, since some name replacements, which `go install` refuses
  local folder=$WHERE/go/$1
  mkdir -p "$folder" && cd "$folder" || return 1
  [ -e go.mod ] || go mod init peers.local/"$1" || return 1
  go get "$2@$3" && GOFLAGS=-mod=mod go build -trimpath -ldflags "-s -w" -o "$GOBIN/$1" "$4"
}

crate() { cargo install --locked --quiet --version "$2" --root "$WHERE" "$1"; }

node_package() { npm install --prefix "$WHERE/node" --ignore-scripts --no-audit --no-fund --no-update-notifier "$1@$2"; }

python_package() { python3 -m venv "$WHERE/python" && "$WHERE/python/bin/pip" install --quiet "$1==$2"; }

# tool NAME VERSION COMMAND…: once for each version.
tool() {
  local name=$1 version=$2
  shift 2
  wanted "$name" || return 0
  [ "$(cat "$WHERE/$name.version" 2>/dev/null)" = "$version" ] && return 0
  echo "  $name $version"
  rm -f "$WHERE/$name.failed"
  if ! command -v "$1" >/dev/null; then
    echo "$1 is not on this machine" >"$WHERE/$name.failed"
  elif (shift && "$@") >"$WHERE/$name.log" 2>&1 </dev/null; then
    echo "$version" >"$WHERE/$name.version"
  else
    tail -n 1 "$WHERE/$name.log" >"$WHERE/$name.failed"
  fi
}

tool vegeta v12.13.0 go go_module vegeta github.com/tsenart/vegeta/v12 v12.13.0 github.com/tsenart/vegeta/v12
tool bombardier v1.2.6 go go_module bombardier github.com/codesenberg/bombardier v1.2.6 github.com/codesenberg/bombardier
tool autocannon 9.0.0 npm node_package autocannon 9.0.0
tool locust 2.47.0 python3 python_package locust 2.47.0
tool k6 v1.8.1 go go_module k6 go.k6.io/k6 v1.8.1 go.k6.io/k6
tool oha 1.16.0 cargo crate oha 1.16.0
for reason in "$WHERE"/*.failed; do
  name=$(basename "${reason%.failed}")
  [ -e "$reason" ] && wanted "$name" && echo "  $name cannot be had: $(cat "$reason")"
done
exit 0
