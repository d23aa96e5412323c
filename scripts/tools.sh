#!/usr/bin/env bash
# Installs what is missing, and only that: `tools.sh` for building, `tools.sh test` for the tests as well.
source "$(dirname "$0")/lib.sh"

as_root() {
  if [[ $(id -u) -eq 0 ]]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    fail "this needs root: $*"
  fi
}

is_installed() {
  [[ $(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null) == installed ]]
}

debian_packages() {
  local package missing=()
  for package in "$@"; do
    is_installed "$package" || missing+=("$package")
  done
  [[ ${#missing[@]} -eq 0 ]] && return
  command -v apt-get >/dev/null || fail "not Debian; install by hand what corresponds to: ${missing[*]}"
  say "Debian packages: ${missing[*]}"
  as_root apt-get update -qq
  as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "${missing[@]}" </dev/null >/dev/null
}

wasm_target() {
  local libraries
  libraries=$(rustc --print target-libdir --target wasm32-unknown-unknown)
  [[ -d $libraries ]] && return
  command -v rustup >/dev/null || fail "the Rust target wasm32-unknown-unknown is missing, and rustup to add it"
  say "Rust target wasm32-unknown-unknown"
  rustup target add wasm32-unknown-unknown
}

locked_wasm_bindgen() {
  awk '/^name = "wasm-bindgen"$/ { getline; gsub(/[^0-9.]/, ""); print }' Cargo.lock
}

# Generator and library must agree to the last digit. The newest generator's own lock file may
# name crates that cannot be had, hence the second try without it.
wasm_bindgen() {
  local version
  version=$(locked_wasm_bindgen)
  [[ $(scripts/wasm-bindgen.sh --version 2>/dev/null) == "wasm-bindgen $version" ]] && return
  say "wasm-bindgen $version (built from source: about three minutes)"
  export CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_OPT_LEVEL=1 \
    CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 CARGO_TARGET_DIR=target/tools/build
  local install=(cargo install --quiet --root target/tools --force
    --bin wasm-bindgen wasm-bindgen-cli --version "=$version")
  "${install[@]}" --locked 2>/dev/null || "${install[@]}"
  rm -rf target/tools/build
}

command -v cargo >/dev/null || fail "Rust is missing: install it with rustup (https://rustup.rs)"
command -v npm >/dev/null || fail "Node.js 20 with npm is missing"
debian_packages build-essential pkg-config libssl-dev
wasm_target
wasm_bindgen
npm_install scripts

if [[ ${1:-} == test ]]; then
  debian_packages chromium curl dovecot-imapd jq openssl postgresql poppler-utils python3-venv
  npm_install end2end
fi
