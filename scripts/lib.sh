# What every script here leans on. Sourced, never run.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# The workspace without the two clients, which build only for wasm32. Every command that is part
# of the tests names the same packages, so that cargo resolves the same features and builds once.
NATIVE=(--workspace --exclude client-console --exclude client-activation)

# The two clients, built apart so that neither profile nor features ever touch the server's.
WASM=(-p client-console -p client-activation
  --target wasm32-unknown-unknown --target-dir target/wasm --profile wasm)

# say TEXT…: one line about what happens now.
say() { printf '==> %s\n' "$*"; }

# fail TEXT…: says what is wrong and what to do, and stops.
fail() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}

# step TITLE COMMAND…: runs the command and says how long it took.
step() {
  local title=$1 began=$SECONDS status=0
  shift
  say "$title"
  "$@" || status=$?
  if [[ $status -ne 0 ]]; then
    printf '==> %s: failed after %s s\n' "$title" $((SECONDS - began)) >&2
    exit "$status"
  fi
  printf '    %s: %s s\n' "$title" $((SECONDS - began))
}

# free_port: one of 127.0.0.1 that nobody listens at now.
free_port() {
  node -e 'const s = require("net").createServer();
    s.listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })'
}

# npm_install FOLDER: its locked packages, only when the lock is newer than what lies there.
npm_install() {
  local folder=$1
  [[ $folder/node_modules/.package-lock.json -nt $folder/package-lock.json ]] && return
  say "npm packages of $folder/"
  npm --prefix "$folder" ci --ignore-scripts --no-audit --no-fund --loglevel=error
  touch "$folder/node_modules/.package-lock.json"
}
