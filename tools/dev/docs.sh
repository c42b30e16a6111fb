# Compiles and runs what the documents show, against the Release build; --update writes the reference of plans anew.

dev_docs() {
  need build tests
  stage "configure release" configure release || exit 1
  stage "build release" compile release || exit 1
  stage "code blocks" python3 tools/check_docs.py --build build/release "$@" || true
  stages_end
}
