#!/usr/bin/env bash
# wasm-bindgen: the project's own copy if there is one, else the machine's.
tools=$(dirname "$0")/../target/tools/bin
PATH=$tools:$PATH exec wasm-bindgen "$@"
