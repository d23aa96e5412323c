#!/usr/bin/env bash
# bench-postgres.sh FOLDER SIZES: what bench.sh measures, on the cluster of with-postgres.sh.
source "$(dirname "$0")/lib.sh"

# database NAME: makes it and says its address.
database() {
  psql -q "$TEST_DATABASE_URL" -c "CREATE DATABASE $1" >&2
  echo "${TEST_DATABASE_URL%/*}/$1"
}

BENCH_DATABASE_URL=$(database tuberia) BENCH_DATABASE_URL_SIN=$(database tuberia_sin) \
  "$1/bench" target/bench-pipeline-postgres.json
IFS=, read -ra sizes <<<"$2"
for size in "${sizes[@]}"; do
  DATABASE_URL=$(database "comandos_$size") \
    node scripts/bench.mjs "$1/clave-segura" "$size" "target/bench-postgres-$size.json"
done
