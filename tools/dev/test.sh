# What CI tests: the Release build by GCC with every test, then unit and simulation tests under sanitizers.

# Integration tests measure a Release build on real sockets; under a sanitizer only what owns its clock runs,
# and what is there to race ("race": real shards, real control traffic).
SANITIZED='unit|simulation|race'

run_ctest() {
  local preset=$1
  shift
  local log="$ROOT/build/logs/ctest-$preset.log"
  if ! ctest --test-dir "build/$preset" --output-on-failure --no-tests=error -j "$JOBS" "$@" >"$log" 2>&1 </dev/null; then
    grep -v -E '^ +Start +[0-9]+:|Passed +[0-9.]+ sec$' "$log" | tail -n 200
    return 1
  fi
  sed -n '/tests passed/,$p' "$log"
}

test_release() {
  stage "configure release" configure release -DVP_BUILD_TESTS=ON -DVP_BUILD_BENCHMARKS=ON || return 1
  stage "build release" compile release || return 1
  stage "test release" run_ctest release
  stage "instruction gates" python3 bench/gates --build build/release
}

test_sanitized() {
  local preset=$1
  stage "configure $preset" configure "$preset" -DVP_BUILD_BENCHMARKS=OFF -DVP_CHECK_HEADERS=OFF || return 1
  stage "build $preset" compile "$preset" || return 1
  stage "test $preset" run_ctest "$preset" -L "$SANITIZED"
}

dev_test() {
  local stages=("$@") name
  [ ${#stages[@]} = 0 ] && stages=(release asan tsan)
  stage "packages" need build tests clang
  stage "peers" python_peers
  for name in "${stages[@]}"; do
    case $name in
      release) test_release || true ;;
      asan | tsan | asan-gcc | tsan-gcc) test_sanitized "$name" || true ;;
      *) die "no test stage '$name': release, asan, tsan, asan-gcc, tsan-gcc" ;;
    esac
  done
  stages_end
}
