#!/usr/bin/env bash
# journeys.sh sqlite|postgres [Playwright's arguments]: the browser tests on one kind of database.
# Binary and site must be built.
source "$(dirname "$0")/lib.sh"

engine=$1
shift
case $engine in
  sqlite) exec env -u TEST_DATABASE_URL npm --prefix end2end --silent test -- "$@" ;;
  postgres) exec scripts/with-postgres.sh npm --prefix end2end --silent test -- "$@" ;;
  *) fail "sqlite or postgres, not «$engine»" ;;
esac
