# How ./dev talks: a headline a stage, the time each took, and a logfile where the output would only be noise.

if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then
  BOLD=$'\033[1m' DIM=$'\033[2m' RED=$'\033[31m' PLAIN=$'\033[0m'
else
  BOLD='' DIM='' RED='' PLAIN=''
fi

say() { printf '%s\n' "${BOLD}▸ $*${PLAIN}"; }
note() { printf '%s\n' "${DIM}  $*${PLAIN}"; }
die() {
  printf '%s\n' "${RED}./dev: $*${PLAIN}" >&2
  exit 1
}

STAGES=()
FAILED=0

# stage NAME COMMAND…: runs it, remembers time and outcome, goes on after a failure.
stage() {
  local name=$1 begin=$SECONDS outcome=ok
  shift
  say "$name"
  if ! "$@"; then
    outcome=FAILED
    FAILED=1
  fi
  STAGES+=("$(printf '%-34s %-7s %4d s' "$name" "$outcome" $((SECONDS - begin)))")
  [ "$outcome" = ok ]
}

# The table of stages; its return value is the command's.
stages_end() {
  say "Stages"
  printf '  %s\n' "${STAGES[@]}"
  [ "$FAILED" = 0 ]
}

# quietly LOG COMMAND…: output goes to build/logs/LOG; its end is shown when the command fails.
quietly() {
  local log="$ROOT/build/logs/$1.log"
  shift
  mkdir -p "$ROOT/build/logs"
  if "$@" >"$log" 2>&1 </dev/null; then return 0; fi
  tail -n 60 "$log" >&2
  printf '%s\n' "${RED}  failed: $* (all of it in ${log#"$ROOT"/})${PLAIN}" >&2
  return 1
}
