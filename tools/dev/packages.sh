# What each command needs from the distribution, and how it gets there. Debian 12, Debian 13, Ubuntu 24.04.
# `a|b` means: the first of them that this distribution has.

PACKAGES_build="g++ cmake ninja-build pkg-config ccache liburing-dev libc-ares-dev libssl-dev zlib1g-dev
  libbrotli-dev libzstd-dev libfmt-dev nlohmann-json3-dev libcli11-dev libyaml-cpp-dev libsimdjson-dev libre2-dev libpugixml-dev libgumbo-dev
  liblua5.4-dev libsqlite3-dev"
PACKAGES_tests="libgtest-dev libgmock-dev libbenchmark-dev nginx postgresql libxml2-utils openssl curl python3 valgrind
  node-llhttp python3-venv libhdrhistogram-java
  openjdk-17-jdk-headless|openjdk-21-jdk-headless|openjdk-25-jdk-headless"
PACKAGES_clang="clang-@ lld-@ libclang-rt-@-dev llvm-@"
PACKAGES_lint="python3 clang-format-@ clang-tidy-@"
PACKAGES_bench="libbenchmark-dev nginx wrk nghttp2-client curl python3"
PACKAGES_peers="apache2-utils hey wrk nghttp2-client nginx python3-venv"

installed() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }
available() { [ -n "$(apt-cache show --no-all-versions "$1" 2>/dev/null)" ]; }

# The clang that sanitizers, fuzzing and lint use: 19, or the newest that is here or to be had. Older ones do not see
# std::expected in GCC's library.
clang_version() {
  local version
  for version in 19 20 21 22; do
    if installed "clang-$version"; then echo "$version" && return; fi
  done
  for version in 19 20 21 22; do
    if available "clang-$version"; then echo "$version" && return; fi
  done
  echo 19
}

choose() {
  local option
  for option in ${1//|/ }; do
    if installed "$option"; then echo "$option" && return; fi
  done
  for option in ${1//|/ }; do
    if available "$option"; then echo "$option" && return; fi
  done
  echo "${1%%|*}"
}

as_root() {
  if [ "$(id -u)" = 0 ]; then
    env DEBIAN_FRONTEND=noninteractive "$@"
  else
    sudo env DEBIAN_FRONTEND=noninteractive "$@"
  fi
}

may_install() {
  [ "$(id -u)" = 0 ] && return 0
  command -v sudo >/dev/null || return 1
  sudo -n true 2>/dev/null || { [ -t 0 ] && [ -t 1 ]; }
}

# No package that we pull in may leave a daemon running: nginx is ours to start and stop.
POLICY=/usr/sbin/policy-rc.d
POLICY_IS_OURS=no
forbid_services() {
  [ -e $POLICY ] && return 0
  POLICY_IS_OURS=yes
  printf '#!/bin/sh\nexit 101\n' | as_root tee $POLICY >/dev/null
  as_root chmod +x $POLICY
  trap 'allow_services' EXIT
}
allow_services() {
  [ $POLICY_IS_OURS = yes ] || return 0
  as_root rm -f $POLICY
  POLICY_IS_OURS=no
  trap - EXIT
}

apt_install() {
  as_root apt-get -y -q --no-install-recommends -o DPkg::Lock::Timeout=300 install "$@"
}

install_packages() {
  local had_nginx=yes
  installed nginx || had_nginx=no
  forbid_services
  local package stale=no
  for package in "$@"; do available "$package" || stale=yes; done
  if [ $stale = yes ]; then quietly apt-update as_root apt-get -q -o DPkg::Lock::Timeout=300 update || true; fi
  if ! quietly apt-install apt_install "$@" 2>/dev/null; then
    # Lists that name versions no longer on the mirror: once more with fresh ones.
    quietly apt-update as_root apt-get -q -o DPkg::Lock::Timeout=300 update
    quietly apt-install apt_install "$@" || die "apt could not install: $*"
  fi
  if [ $had_nginx = no ] && installed nginx && [ -d /run/systemd/system ]; then
    as_root systemctl disable nginx >/dev/null 2>&1 || true
  fi
  allow_services
}

# need GROUP…: what is missing of these groups gets installed.
need() {
  local group item wanted=() missing=() list
  command -v dpkg-query >/dev/null || die "this is no Debian or Ubuntu: install what docs/dependencies.md lists"
  for group in "$@"; do
    list="PACKAGES_$group"
    for item in ${!list}; do wanted+=("$item"); done
  done
  # The lists of a bare system are empty, and then nothing could be chosen.
  if [ ${#wanted[@]} -gt 0 ] && ! available g++ && ! installed g++ && may_install; then
    quietly apt-update as_root apt-get -q -o DPkg::Lock::Timeout=300 update || true
  fi
  CLANG=$(clang_version)
  for item in "${wanted[@]}"; do
    item=$(choose "${item//@/$CLANG}")
    installed "$item" || [[ " ${missing[*]} " == *" $item "* ]] || missing+=("$item")
  done
  [ ${#missing[@]} = 0 ] && return 0
  if ! may_install; then
    printf '%s\n' "These packages are missing, and installing them takes root. Run this as root, then ./dev again:" \
      "  apt-get update && apt-get install -y --no-install-recommends ${missing[*]}" >&2
    exit 1
  fi
  say "Installing ${#missing[@]} packages by apt (once)"
  note "${missing[*]}"
  install_packages "${missing[@]}"
}

# What tests compare with and Python alone has, in build/peers. Where it cannot be had, its tests say SKIPPED.
python_peers() {
  local histograms=tests/proofs/histograms/requirements.txt plans=tests/plans/requirements.txt have=build/peers/requirements.txt
  cat $histograms $plans | cmp -s - $have && return 0
  if quietly peers-venv python3 -m venv build/peers &&
    quietly peers-pip build/peers/bin/pip install -r $histograms -r $plans; then
    cat $histograms $plans >$have
  else
    note "Python packages could not be installed: histograms.python and plans.schema will say SKIPPED"
  fi
}
