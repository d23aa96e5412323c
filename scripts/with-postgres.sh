#!/usr/bin/env bash
# with-postgres.sh COMMAND…: runs the command with TEST_DATABASE_URL naming a PostgreSQL cluster made
# for it in a temporary folder, on a free port of 127.0.0.1, and removed afterwards whatever happens.
source "$(dirname "$0")/lib.sh"

[[ $# -gt 0 ]] || fail "which command? with-postgres.sh COMMAND…"

# Debian keeps the server's programs out of PATH, one folder a version: the newest is taken.
initdb=$(compgen -G '/usr/lib/postgresql/*/bin/initdb' | sort -V | tail -1 || true)
initdb=${initdb:-$(command -v initdb || fail "PostgreSQL is missing: scripts/tools.sh test installs it")}
bin=$(dirname "$initdb")

# PostgreSQL refuses to run as root: then it runs as the user that its package made.
as_owner=()
folder=$(mktemp -d "${TMPDIR:-/tmp}/clave-segura-postgres.XXXXXX")
if [[ $(id -u) -eq 0 ]]; then
  id postgres >/dev/null 2>&1 || useradd --system --no-create-home --shell /usr/sbin/nologin postgres
  as_owner=(runuser -u postgres --)
  chown postgres "$folder"
fi

# The cluster's tools complain about a folder they cannot enter; theirs they can.
in_cluster() { (cd "$folder" && "${as_owner[@]}" "$@"); }

remove_cluster() {
  in_cluster "$bin/pg_ctl" stop -D "$folder/data" -m immediate -s >/dev/null 2>&1 || true
  rm -rf "$folder"
}
trap remove_cluster EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

in_cluster "$bin/initdb" -D "$folder/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync \
  >"$folder/initdb.log" ||
  fail "initdb: $(tail -3 "$folder/initdb.log")"

# Nothing here outlives the run, so nothing waits for the disk. A database for each test wants
# many connections; a port taken meanwhile by another process gets a second and a third try.
for attempt in 1 2 3; do
  port=$(free_port)
  options="-c listen_addresses=127.0.0.1 -c port=$port -c unix_socket_directories=$folder -c max_connections=300
    -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c wal_level=minimal -c max_wal_senders=0
    -c shared_buffers=256MB -c autovacuum=off"
  in_cluster "$bin/pg_ctl" start -D "$folder/data" -l "$folder/data/server.log" -w -s -o "${options//$'\n'/ }" && break
  [[ $attempt -lt 3 ]] || fail "PostgreSQL does not start: $(tail -5 "$folder/data/server.log")"
done

status=0
TEST_DATABASE_URL=postgres://postgres@127.0.0.1:$port/postgres "$@" || status=$?
exit "$status"
