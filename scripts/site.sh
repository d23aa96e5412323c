#!/usr/bin/env bash
# Builds what the browser gets, target/site: the console's client and the small one of the
# merchant's pages, a stylesheet for each, and all of them compressed.
# What is up to date is left alone.
source "$(dirname "$0")/lib.sh"

pkg=target/site/pkg
mkdir -p "$pkg"

# What rustc may use on wasm32 and every browser since 2023 understands. Not --all-features: that
# lets wasm-opt write proposals (compact imports) that no browser takes.
features=(--enable-bulk-memory --enable-nontrapping-float-to-int --enable-sign-ext
  --enable-mutable-globals --enable-multivalue --enable-reference-types)

# client CRATE NAME: pkg/NAME.js and pkg/NAME_bg.wasm, the names that app::shell gives the pages.
client() {
  local crate=$1 name=$2
  local compiled=target/wasm/wasm32-unknown-unknown/wasm/$crate.wasm
  [[ $pkg/${name}_bg.wasm -nt $compiled && -e $pkg/$name.js && $pkg/${name}_bg.wasm -nt scripts/site.sh ]] && return
  say "client $name: bindings and size"
  local work=target/wasm/bindgen/$name
  rm -rf "$work"
  scripts/wasm-bindgen.sh "$compiled" --target web --no-typescript --out-dir "$work" --out-name "$name"
  scripts/node_modules/.bin/wasm-opt -Oz "${features[@]}" --strip-debug --strip-producers "$work/${name}_bg.wasm" -o "$work/${name}_bg.wasm"
  scripts/node_modules/.bin/esbuild "$work/$name.js" --minify --format=esm --log-level=warning \
    --allow-overwrite --outfile="$work/$name.js"
  cp -r "$work/." "$pkg/"
}

say "clients (wasm32)"
cargo build --quiet --locked "${WASM[@]}"
client client_console consola
client client_activation activacion
node scripts/assets.mjs
