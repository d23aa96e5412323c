#!/usr/bin/env bash
# Time and peak memory of the three heavy commands on 100,000 synthetic merchants.
# MERCHANTS=n for another number, PROFILE=release for the binary of `make build`.
source "$(dirname "$0")/lib.sh"

profile=${PROFILE:-dev}
folder=$profile
[[ $profile == dev ]] && folder=debug

step "tools" scripts/tools.sh
step "server ($profile)" cargo build --locked --profile "$profile" -p server
step "measurements" node scripts/bench.mjs "target/$folder/clave-segura" "${MERCHANTS:-100000}"
