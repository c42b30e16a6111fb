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

# What reads text or bytes that others wrote. The corpora must reach LEAST per cent of the lines of each.
PARSERS="libs/base/src/units_parse.cpp
  libs/criteria/src/lexer.cpp libs/criteria/src/parser.cpp libs/criteria/src/run_names.cpp libs/criteria/src/typing.cpp
  libs/engine/src/load_language.cpp libs/engine/src/load_words.cpp
  libs/metrics/src/base64.cpp libs/metrics/src/hdr_encoding.cpp
  libs/recording/src/access_log.cpp libs/recording/src/arrivals_found.cpp libs/recording/src/csv.cpp
  libs/recording/src/entry.cpp libs/recording/src/json_lines.cpp libs/recording/src/time_stamp.cpp
  libs/runtime/src/address.cpp
  protocols/http/src/chunked.cpp protocols/http/src/client_settings.cpp protocols/http/src/demo_server_latency.cpp
  protocols/http/src/head.cpp protocols/http/src/request_parser.cpp protocols/http/src/response_reader.cpp
  protocols/http/src/url.cpp"
LEAST=90

fuzz_coverage() {
  stage "configure coverage" configure coverage -DVP_BUILD_TESTS=OFF || exit 1
  stage "build coverage" compile coverage fuzzers || exit 1
  stage "walk the corpora" walk_corpora || exit 1
  stage "lines of the parsers" covered_lines || true
  stages_end
}

# Every target over its corpus and nothing else; what each reached goes to build/coverage/fuzz.lcov.
walk_corpora() {
  local target name profiles=() objects=() log=build/logs/coverage-export.log
  rm -rf build/coverage/profiles
  mkdir -p build/coverage/profiles
  for target in $(find build/coverage -type f -name '*_fuzz' -perm -u+x | sort); do
    name=$(basename "$target")
    [ -d "tests/fuzz/corpus/${name%_fuzz}" ] || die "$name has no corpus: add tests/fuzz/corpus/${name%_fuzz}"
    LLVM_PROFILE_FILE="build/coverage/profiles/$name.profraw" \
      quietly "coverage-$name" "$target" -runs=0 "tests/fuzz/corpus/${name%_fuzz}" || return 1
    profiles+=("build/coverage/profiles/$name.profraw")
    objects+=(-object "$target")
  done
  [ ${#profiles[@]} -gt 0 ] || die "no fuzz target was built"
  "llvm-profdata-$CLANG" merge -o build/coverage/fuzz.profdata "${profiles[@]}" || return 1
  "llvm-cov-$CLANG" export "${objects[@]:1}" -instr-profile build/coverage/fuzz.profdata -format=lcov -summary-only \
    -ignore-filename-regex='(/usr/|tests/|_fuzz\.cpp)' >build/coverage/fuzz.lcov 2>"$log" || { cat "$log" >&2 && return 1; }
}

# One line a parser, and a sentence for each that falls short.
covered_lines() {
  local file lines reached short=()
  for file in $PARSERS; do
    read -r lines reached < <(awk -F: -v file="$ROOT/$file" '
      $1 == "SF" { ours = $2 == file }
      ours && $1 == "LF" { lines = $2 }
      ours && $1 == "LH" { reached = $2 }
      END { print lines + 0, reached + 0 }' build/coverage/fuzz.lcov)
    if [ "$lines" = 0 ]; then
      short+=("$file is in no fuzz target: rename it in tools/dev/fuzz.sh, or give it one")
      continue
    fi
    printf '  %-44s %4d of %4d lines  %5s %%\n' "$file" "$reached" "$lines" \
      "$(awk -v a="$reached" -v b="$lines" 'BEGIN { printf "%.1f", 100 * a / b }')"
    if [ $((100 * reached)) -lt $((LEAST * lines)) ]; then
      short+=("the corpora reach less than $LEAST % of $file: add inputs to tests/fuzz/corpus")
    fi
  done
  [ ${#short[@]} = 0 ] && return 0
  printf '%s\n' "${short[@]}" >&2
  return 1
}
