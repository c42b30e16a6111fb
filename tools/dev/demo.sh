# From a clone to numbers: build the program, serve, load, summarise.

SERVER=''
demo_stop() {
  if [ -n "$SERVER" ]; then
    kill "$SERVER" 2>/dev/null || true
    wait "$SERVER" 2>/dev/null || true
    SERVER=''
  fi
}

# Tests are left out of a tree that has none yet: the program alone is built in half the time.
demo_configure() {
  if [ -e build/release/build.ninja ]; then configure release; else
    configure release -DVP_BUILD_TESTS=OFF -DVP_BUILD_BENCHMARKS=OFF
  fi
}

# Prints the address that the server says it listens on.
demo_address() {
  local log=$1 tries
  for tries in $(seq 100); do
    grep -Eom1 'https?://127\.0\.0\.1:[0-9]+' "$log" && return 0
    kill -0 "$SERVER" 2>/dev/null || return 1
    sleep 0.05
  done
  return 1
}

dev_demo() {
  need build
  stage "configure" demo_configure || exit 1
  say "build (a few minutes the first time)"
  compile release vajrapulse || exit 1
  local program=build/release/apps/vajrapulse/vajrapulse log=build/logs/demo-server.log url status=0

  # A session of its own, so that Ctrl-C reaches the run and not the server under it.
  trap demo_stop EXIT
  setsid "$program" demo-server --listen 127.0.0.1:0 --latency exp:2ms >"$log" 2>&1 </dev/null &
  SERVER=$!
  url=$(demo_address "$log") || die "the demo server did not start: $(tail -n 3 "$log")"

  say "vajrapulse http $url/ --tps 1000 --duration 10s"
  "$program" http "$url/" --tps 1000 --duration 10s "$@" || status=$?
  demo_stop

  cat <<TEXT

${BOLD}Next${PLAIN} (the program is $program; the server: $program demo-server --listen 127.0.0.1:8080 &)
  $program http http://127.0.0.1:8080/ --once
  $program http http://127.0.0.1:8080/ --load 'ramp 0..5000/s 10s, hold 20s' --out json=result.json
  $program http --help
TEXT
  return "$status"
}
