#!/usr/bin/env bash
# The merchant's pages as Lighthouse scores them on a telephone. Apart from the tests: it brings a
# hundred packages of its own, and what else the machine does takes points away.
source "$(dirname "$0")/lib.sh"

step "tools" scripts/tools.sh test
npm_install scripts/lighthouse
step "server" cargo build --locked "${NATIVE[@]}"
step "site" scripts/site.sh
LIGHTHOUSE=1 step "Lighthouse" scripts/journeys.sh sqlite
