#!/usr/bin/env bash
# schemathesis.sh [EXAMPLES]: asks the signing service whatever its own specification allows and forbids,
# and fails at the first answer that the specification does not know. The server must be built. Every
# check of schemathesis is on; its cases are the same in every run, so that a failure comes again.
source "$(dirname "$0")/lib.sh"

examples=${1:-30}
tools=target/tools/schemathesis
program=$PWD/target/debug/clave-segura

# Exactly the versions that are written down, and nothing that they would like besides.
if [[ ! $tools/.installed -nt scripts/schemathesis/requirements.txt ]]; then
  say "schemathesis in $tools"
  rm -rf "$tools"
  python3 -m venv "$tools"
  "$tools/bin/pip" install --quiet --disable-pip-version-check --no-deps -r scripts/schemathesis/requirements.txt
  touch "$tools/.installed"
fi

[[ -x $program ]] || fail "the server is missing: cargo build ${NATIVE[*]} --all-targets"
folder=$(mktemp -d "${TMPDIR:-/tmp}/clave-segura-api.XXXXXX")
server=
end() {
  [[ -z $server ]] || { kill "$server" && wait "$server"; } 2>/dev/null || true
  rm -rf "$folder"
}
trap end EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

port=$(free_port)
export CARPETA_DEMO=$folder LISTEN=127.0.0.1:$port PUBLIC_URL=http://127.0.0.1:$port
export DATABASE_URL=sqlite://$folder/clave-segura.db CONFIG_DIR=$folder/config CLAVE_MAESTRA_FILE=$folder/clave-maestra
"$program" demo --comerciantes 0 --directorio "$folder" --json >"$folder/demo.json"
# Thousands of guesses are the point here; the limits have tests of their own.
cat >>"$folder/config/common55.env" <<'LIMITS'
INTENTOS_LIBRES=10
INTENTOS_HORA=100
INTENTOS_TOPE=1000
INTENTOS_RED_HORA=100000
SMS_POR_COMERCIANTE=20
SMS_POR_DIA=1000000
LIMITS
CLAVE_SISTEMA=$("$program" sistema crear --camara 55 --nombre schemathesis --json |
  "$tools/bin/python" -c 'import json, sys; print(json.load(sys.stdin)["clave"])')
export CLAVE_SISTEMA

RUST_LOG=warn "$program" servir 2>"$folder/servidor.log" &
server=$!

# In its own folder, because schemathesis keeps what it learns where it runs. One worker: Python 3.11
# compiles in two threads at once only with luck.
here=$PWD
cd "$folder"
SCHEMATHESIS_HOOKS=$here/scripts/schemathesis/hooks.py "$here/$tools/bin/schemathesis" --no-color \
  --config-file "$here/scripts/schemathesis/schemathesis.toml" \
  run "$PUBLIC_URL/api/v1/openapi.json" --wait-for-schema 30 --checks all --workers 1 \
  --max-examples "$examples" --request-timeout 30 >"$folder/resultado.txt" 2>&1 || {
  status=$?
  cat "$folder/resultado.txt" >&2
  tail -20 "$folder/servidor.log" >&2
  exit "$status"
}
sed -n '/= SUMMARY =/,$p' "$folder/resultado.txt"

# What was answered, as the server counted it; a run that never signed anything proves little.
curl --silent --show-error --fail "$PUBLIC_URL/metrics" |
  sed -nE 's|^clave_segura_http_solicitudes_total\{metodo="([A-Z]+)",ruta="(/api/v1/[^"]*)",estado="([0-9]+)"\} |\1 \2 \3 |p' |
  sort >"$folder/respuestas.txt"
awk '{ seen[$1 " " $2] = seen[$1 " " $2] " " $3 "×" $4 } END { for (o in seen) print "    " o ":" seen[o] }' \
  "$folder/respuestas.txt" | sort
for needed in "POST /api/v1/firmas 201" "POST /api/v1/firmas/{id}/confirmar 200" "GET /api/v1/firmas/{id} 200" \
  "POST /api/v1/firmas/{id}/reenviar 200" "DELETE /api/v1/firmas/{id} 204" \
  "GET /api/v1/camaras/{camara}/llaves 200"; do
  grep -qF "$needed " "$folder/respuestas.txt" || fail "no answer «$needed»: the trial missed it"
done
