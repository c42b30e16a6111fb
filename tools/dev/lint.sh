# What a compiler does not say. The checks are in tools/lint; each finding names file and line.

dev_lint() {
  local fix=no tidy=changed argument
  for argument in "$@"; do
    case $argument in
      --fix) fix=yes ;;
      --tidy) tidy=all ;;
      --no-tidy) tidy=none ;;
      *) die "lint knows --fix, --tidy and --no-tidy" ;;
    esac
  done
  need lint build tests
  export CLANG_FORMAT=clang-format-$CLANG CLANG_TIDY=clang-tidy-$CLANG
  if [ $fix = yes ]; then
    git ls-files -co --exclude-standard '*.cpp' '*.hpp' | xargs -r "$CLANG_FORMAT" -i
  fi
  stage "the rules see what they should" python3 tools/lint/self_test.py || true
  stage "house rules" python3 tools/lint || true
  stage "layout" python3 tools/lint/layout.py || true
  if [ $tidy != none ]; then
    [ -e build/release/compile_commands.json ] || configure release
    stage "clang-tidy ($tidy)" python3 tools/lint/tidy.py "$tidy" || true
  fi
  stages_end
}
