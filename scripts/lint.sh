#!/usr/bin/env bash
# Format and lints. Native and wasm32 apart: one run over all would mix `ssr` and `hydrate`.
source "$(dirname "$0")/lib.sh"

step "tools" scripts/tools.sh test
step "format" cargo fmt --all --check
step "clippy, native" cargo clippy --quiet --locked "${NATIVE[@]}" --all-targets -- -D warnings
step "clippy, wasm32" cargo clippy --quiet --locked "${WASM[@]}" -- -D warnings
step "types of the browser tests" npm --prefix end2end --silent run check
