#!/usr/bin/env bash
# What production runs: the release binary and the site beside it.
source "$(dirname "$0")/lib.sh"

step "tools" scripts/tools.sh
step "server (release)" cargo build --locked --release -p server
step "site" scripts/site.sh
say "target/release/clave-segura and target/site are ready (LEPTOS_SITE_ROOT names the site)"
