#!/usr/bin/env bash
# From a fresh checkout to the demo in the browser. `demo --servir` makes var/ when it is not there
# (database, keys, development certificate, synthetic merchants, staff user) and says what to try.
source "$(dirname "$0")/lib.sh"

step "tools" scripts/tools.sh
step "server" cargo build --locked -p server
step "site" scripts/site.sh
exec target/debug/clave-segura demo --servir
