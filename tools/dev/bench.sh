# Figures: micro-benchmarks, the comparison with wrk and h2load against nginx, what the engine carries, what plans cost,
# ten other tools.

bench_micro() {
  local program
  find build/release -type f -name '*_bench' -perm -u+x | sort | while read -r program; do
    say "$(basename "$program")"
    "$program" --benchmark_min_time=0.2 "$@"
  done
}

bench_peers() {
  need peers
  stage "install the tools to compare with (once)" bash bench/peers/install.sh
  python3 bench/peers --build build/release "$@"
}

bench_plan() {
  stage "install k6 to compare with (once)" bash bench/peers/install.sh k6
  python3 bench/plan --build build/release "$@"
}

dev_bench() {
  local what=${1:-micro}
  [ $# -gt 0 ] && shift
  need build tests bench
  stage "configure release" configure release -DVP_BUILD_TESTS=ON -DVP_BUILD_BENCHMARKS=ON || exit 1
  stage "build release" compile release || exit 1
  case $what in
    micro) bench_micro "$@" ;;
    compare) python3 bench/compare --build build/release "$@" ;;
    scale) python3 bench/scale --build build/release "$@" ;;
    peers) bench_peers "$@" ;;
    plan) bench_plan "$@" ;;
    floor) build/release/bench/lag_floor "$@" ;;
    gates) python3 bench/gates --build build/release "$@" ;;
    find-max) python3 bench/find_max --build build/release "$@" ;;
    *) die "bench knows micro, compare, scale, plan, peers, floor, gates and find-max" ;;
  esac
}
