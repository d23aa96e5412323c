#!/usr/bin/env bash
# All checks, in the order in which they fail fastest.
source "$(dirname "$0")/lib.sh"

began=$SECONDS
log=$(mktemp)
trap 'rm -f "$log"' EXIT

# counted COMMAND…: runs it and keeps what it prints, for the sum at the end.
counted() { "$@" 2>&1 | tee -a "$log"; }

rust_tests() {
  if cargo nextest --version >/dev/null 2>&1; then
    counted "$@" cargo nextest run --locked "${NATIVE[@]}" --no-fail-fast --status-level fail --final-status-level fail
  else
    counted "$@" cargo test --locked --quiet "${NATIVE[@]}" --no-fail-fast
  fi
}

# The unit tests touch no database: on PostgreSQL only the integration tests run again.
integration_tests() {
  if cargo nextest --version >/dev/null 2>&1; then
    counted "$@" cargo nextest run --locked "${NATIVE[@]}" -E 'package(integration-tests)' \
      --no-fail-fast --status-level fail --final-status-level fail
  else
    counted "$@" cargo test --locked --quiet "${NATIVE[@]}" --test integration --no-fail-fast
  fi
}

# Rust's runners say «12 passed», Playwright «  12 passed (30s)».
passed() { grep -oE '\b[0-9]+ passed' "$log" | awk '{ sum += $1 } END { print sum + 0 }'; }

scripts/lint.sh
step "build for tests" cargo build --locked "${NATIVE[@]}" --all-targets
step "tests on SQLite" rust_tests env -u TEST_DATABASE_URL
step "integration tests on PostgreSQL" integration_tests scripts/with-postgres.sh
step "API against its specification" scripts/schemathesis.sh
step "site" scripts/site.sh
step "browser journeys on SQLite" counted scripts/journeys.sh sqlite
# What axe sees depends on no database.
step "browser journeys on PostgreSQL" counted scripts/journeys.sh postgres --project=recorridos
say "all checks passed in $((SECONDS - began)) s"
printf '%s passed, 0 failed\n' "$(passed)"
