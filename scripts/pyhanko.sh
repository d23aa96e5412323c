#!/usr/bin/env bash
# pyHanko, which judges signed documents in the tests (tests/src/documents/strangers.py): exactly the versions
# that are written down. Does nothing when they are there.
source "$(dirname "$0")/lib.sh"

tools=target/tools/pyhanko
mkdir -p target/tools
# Two tests may want it at once.
exec 9> target/tools/pyhanko.lock
flock 9
if [[ ! $tools/.installed -nt scripts/pyhanko/requirements.txt ]]; then
  say "pyHanko in $tools"
  rm -rf "$tools"
  python3 -m venv "$tools"
  "$tools/bin/pip" install --quiet --disable-pip-version-check --no-deps -r scripts/pyhanko/requirements.txt
  touch "$tools/.installed"
fi
