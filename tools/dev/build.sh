# Configure and build a preset.

JOBS=$(nproc)
# A fresh clone in another folder still finds what was compiled before.
export CCACHE_BASEDIR=$ROOT CCACHE_NOHASHDIR=1
if [ -z "${HOME:-}" ] && [ -z "${CCACHE_DIR:-}" ]; then export CCACHE_DIR=$ROOT/.cache/ccache; fi

# configure PRESET [CMAKE OPTION…]
configure() {
  local preset=$1
  shift
  local options=("$@")
  if [[ "$preset" =~ clang|asan$|tsan$|debug$|fuzz|coverage ]] && [ "${CLANG:-19}" != 19 ]; then
    options+=("-DCMAKE_CXX_COMPILER=clang++-$CLANG")
  fi
  quietly "configure-$preset" cmake --preset "$preset" "${options[@]}"
}

# compile PRESET [TARGET…]: ninja's own progress line on a terminal, a logfile elsewhere.
compile() {
  local preset=$1
  shift
  if [ -t 1 ]; then
    ninja -C "build/$preset" -j "$JOBS" "$@" || return 1
  else
    quietly "build-$preset" ninja -C "build/$preset" -j "$JOBS" "$@" || return 1
  fi
}

needs_clang() { [[ "$1" =~ clang|asan$|tsan$|debug$|fuzz|coverage ]]; }

dev_build() {
  local preset=${1:-release}
  [ $# -gt 0 ] && shift
  need build
  need tests
  if needs_clang "$preset"; then need clang; fi
  stage "configure $preset" configure "$preset" "$@" && stage "build $preset" compile "$preset"
  stages_end
}
