#!/usr/bin/env bash
# How fast it is, as shares of what this machine can do in the same run: the send pipeline against
# argon2's ceiling, the activation against the same, and sync, select and export as an operator runs them. SIZES=100000,400000,1700000 for
# more merchants; POSTGRES=1 measures the commands and the pipeline on PostgreSQL as well.
source "$(dirname "$0")/lib.sh"

sizes=${SIZES:-100000,400000}
target=target/release

# commands NAME: sync, select, export over DATABASE_URL or SQLite; a database for each size.
commands() { step "commands, $1" node scripts/bench.mjs "$target/clave-segura" "$sizes" "target/bench-$1.json"; }
pipeline() { step "pipeline, $1" "$target/bench" "target/bench-pipeline-$1.json"; }

step "tools" scripts/tools.sh
step "server and bench (release)" cargo build --locked --release -p server -p bench
pipeline sqlite
step "activation" "$target/bench" activar target/bench-activation.json
commands sqlite
if [[ -n ${POSTGRES:-} ]]; then
  step "PostgreSQL" scripts/with-postgres.sh scripts/bench-postgres.sh "$target" "$sizes"
fi
node -e '
  const fs = require("fs");
  const parts = fs.readdirSync("target").filter((name) => /^bench-.*json$/.test(name));
  const read = (name) => [name.slice(6, -5), JSON.parse(fs.readFileSync(`target/${name}`))];
  fs.writeFileSync("target/bench.json", JSON.stringify(Object.fromEntries(parts.map(read)), null, 2));
  for (const name of parts) fs.rmSync(`target/${name}`);
'
say "target/bench.json"
