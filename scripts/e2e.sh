#!/usr/bin/env bash
# e2e.sh [sqlite] [postgres] [-- Playwright's arguments]: builds what is needed and runs the browser journeys.
source "$(dirname "$0")/lib.sh"

engines=()
while [[ $# -gt 0 && $1 != -- ]]; do
  engines+=("$1")
  shift
done
[[ ${1:-} == -- ]] && shift

step "tools" scripts/tools.sh test
step "server" cargo build --locked "${NATIVE[@]}" --all-targets
step "site" scripts/site.sh
for engine in "${engines[@]:-sqlite}"; do
  step "browser journeys on $engine" scripts/journeys.sh "$engine" "$@"
done
