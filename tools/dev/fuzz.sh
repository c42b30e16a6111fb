# Every fuzz target for some seconds, from its corpus; what it finds stays in build/fuzz/findings.
# `./dev fuzz coverage` shows how much of the parsers the corpora reach.

fuzz_one() {
  local target=$1 seconds=$2 name corpus
  name=$(basename "$target")
  corpus=tests/fuzz/corpus/${name%_fuzz}
  mkdir -p "build/fuzz/corpus/$name" build/fuzz/findings
  local seeds=()
  [ -d "$corpus" ] && seeds+=("$corpus")
  # CI walks the same path every time, so that what it finds is this change's and not chance; by hand each walk is new.
  local walk=()
  [ "${CI:-}" = true ] && walk=(-seed=1)
  "$target" "${walk[@]}" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 -verbosity=0 \
    -artifact_prefix="build/fuzz/findings/$name-" "build/fuzz/corpus/$name" "${seeds[@]}" </dev/null \
    >"build/logs/$name.log" 2>&1 || { tail -n 60 "build/logs/$name.log" && return 1; }
  grep -E 'number_of_executed_units|average_exec' "build/logs/$name.log" | sed 's/^stat::/  /' || true
}

fuzz_targets() { find build/fuzz -path build/fuzz/corpus -prune -o -type f -name '*_fuzz' -perm -u+x -print | sort; }

dev_fuzz() {
  local seconds=${1:-30} target
  need build tests clang
  if [ "$seconds" = coverage ]; then
    fuzz_coverage
    return
  fi
  [[ "$seconds" =~ ^[0-9]+$ ]] || die "fuzz takes a number of seconds, or 'coverage'"
  stage "configure fuzz" configure fuzz -DVP_BUILD_BENCHMARKS=OFF || exit 1
  stage "build fuzz" compile fuzz fuzzers || exit 1
  [ -n "$(fuzz_targets)" ] || die "no fuzz target was built"
  for target in $(fuzz_targets); do
    stage "$(basename "$target") $seconds s" fuzz_one "$target" "$seconds" || true
  done
  stages_end
}

# Lines of the parsers that the checked-in corpora reach.
fuzz_coverage() {
  local target name profiles=()
  stage "configure coverage" configure coverage -DVP_BUILD_TESTS=OFF || exit 1
  stage "build coverage" compile coverage fuzzers || exit 1
  mkdir -p build/coverage/profiles
  local objects=()
  for target in $(find build/coverage -type f -name '*_fuzz' -perm -u+x | sort); do
    name=$(basename "$target")
    [ -d "tests/fuzz/corpus/${name%_fuzz}" ] || continue
    LLVM_PROFILE_FILE="build/coverage/profiles/$name.profraw" \
      quietly "coverage-$name" "$target" -runs=0 "tests/fuzz/corpus/${name%_fuzz}"
    profiles+=("build/coverage/profiles/$name.profraw")
    objects+=(-object "$target")
  done
  [ ${#profiles[@]} -gt 0 ] || die "no corpus in tests/fuzz/corpus"
  "llvm-profdata-$CLANG" merge -o build/coverage/fuzz.profdata "${profiles[@]}"
  "llvm-cov-$CLANG" report "${objects[@]:1}" -instr-profile build/coverage/fuzz.profdata \
    -ignore-filename-regex='(/usr/|tests/|_fuzz\.cpp)'
}
