# What ./check and ./prove need of the machine: packages, a PostgreSQL server of their own, and a tidy end.
# Sourced, not run. Everything started here is stopped by its process id when the script ends.

bold= red= plain=
if [ -t 1 ]; then bold=$'\033[1m' red=$'\033[31m' plain=$'\033[0m'; fi
say() { printf '%s\n' "$*"; }
title() { printf '\n%s── %s%s\n' "$bold" "$*" "$plain"; }
fail() { printf '%s%s%s\n' "$red" "$*" "$plain" >&2; exit 1; }
seconds() { if [ "$1" -ge 60 ]; then printf '%dm %02ds' $(($1 / 60)) $(($1 % 60)); else printf '%ds' "$1"; fi; }

# ── Packages ────────────────────────────────────────────────────────────────────────────────────────────────

postgres_bin() { # the newest server installed, or nothing
  local found
  found=$(ls -d /usr/lib/postgresql/*/bin /usr/local/pgsql/bin /opt/homebrew/opt/postgresql*/bin 2>/dev/null | sort -V | tail -1)
  if [ -n "$found" ] && [ -x "$found/initdb" ]; then printf '%s' "$found"; return; fi
  found=$(command -v initdb || true)
  if [ -n "$found" ]; then dirname "$(readlink -f "$found")"; fi
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"
  elif [ -n "${CI:-}" ]; then sudo -n "$@"
  else sudo "$@"
  fi
}

install_packages() { # Debian package names
  say "Installing with apt-get: $*"
  command -v apt-get >/dev/null || fail "Missing: $*. There is no apt-get here; install them and run this again."
  [ "$(id -u)" = 0 ] || command -v sudo >/dev/null ||
    fail "Missing: $*. Install them (apt-get install $*) or run this as root, or with sudo at hand."
  export DEBIAN_FRONTEND=noninteractive
  local log; log=$(mktemp)
  if ! { as_root apt-get update && as_root apt-get install -y --no-install-recommends "$@"; } >"$log" 2>&1; then
    tail -20 "$log" >&2; rm -f "$log"
    fail "Could not install: $*"
  fi
  rm -f "$log"
}

# Takes any of: build postgresql chromium
need() {
  local wanted=() thing
  for thing in "$@"; do
    case $thing in
      build) command -v cc >/dev/null || wanted+=(gcc libc6-dev)
             command -v git >/dev/null || wanted+=(git) ;;
      postgresql) [ -n "$(postgres_bin)" ] || wanted+=(postgresql) ;;
      chromium) command -v chromium >/dev/null || wanted+=(chromium fonts-liberation)
                command -v chromedriver >/dev/null || wanted+=(chromium-driver) ;;
    esac
  done
  if [[ " ${wanted[*]} " == *" postgresql "* ]]; then
    # The package would start a server of its own; ours is all we need.
    # Slim images lack folders that its manual pages are linked into.
    as_root mkdir -p /usr/share/man/man1 /usr/share/man/man7
    install_packages postgresql-common
    as_root mkdir -p /etc/postgresql-common
    grep -qs '^create_main_cluster' /etc/postgresql-common/createcluster.conf ||
      say "create_main_cluster = false" | as_root tee -a /etc/postgresql-common/createcluster.conf >/dev/null
  fi
  [ ${#wanted[@]} = 0 ] || install_packages "${wanted[@]}"
  command -v cargo >/dev/null || fail "Missing: cargo. Install Rust from https://rustup.rs"
  if [[ " $* " == *" postgresql "* ]] && [ -z "$(postgres_bin)" ]; then fail "Missing: PostgreSQL's initdb"; fi
}

need_component() { # cargo subcommand, rustup component
  cargo "$1" --version >/dev/null 2>&1 && return
  command -v rustup >/dev/null || fail "Missing: cargo $1. Install the component $2 of your Rust toolchain."
  say "Installing with rustup: $2"
  rustup component add "$2" >/dev/null 2>&1 || fail "Could not install: $2"
}

# ── PostgreSQL ──────────────────────────────────────────────────────────────────────────────────────────────

PG_DIR= PG_PID= PG_URL=

# initdb and postgres refuse to run as root.
unprivileged() {
  if [ "$(id -u)" = 0 ]; then runuser -u "$PG_USER" -- "$@"; else "$@"; fi
}

# Starts a server with an empty cluster on a free port of this machine and sets PG_URL to its administrator's
# address. With `durable` it syncs like a real one; otherwise it trusts that the machine does not lose power.
start_postgres() {
  local bin port password try sync=off
  [ "${1:-}" = durable ] && sync=on
  bin=$(postgres_bin)
  PG_USER=$(id -un)
  if [ "$(id -u)" = 0 ]; then
    PG_USER=postgres; id postgres >/dev/null 2>&1 || PG_USER=nobody
  fi
  PG_DIR=$(mktemp -d "${TMPDIR:-/tmp}/peerhall-postgres.XXXXXX")
  password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
  printf '%s\n' "$password" >"$PG_DIR/password"
  chmod 700 "$PG_DIR"
  [ "$(id -u)" = 0 ] && chown -R "$PG_USER" "$PG_DIR"
  (cd "$PG_DIR" && unprivileged "$bin/initdb" -D "$PG_DIR/data" -U peerhall --pwfile="$PG_DIR/password" \
    --auth=scram-sha-256 --encoding=UTF8 --locale=C --no-instructions) >"$PG_DIR.log" 2>&1 ||
    { cat "$PG_DIR.log" >&2; fail "PostgreSQL could not make a cluster"; }
  for try in 1 2 3 4 5 6 7 8; do
    port=$((20000 + RANDOM % 12000))
    if (cd "$PG_DIR" && unprivileged "$bin/pg_ctl" -D "$PG_DIR/data" -w -t 60 -l "$PG_DIR/server.log" -o "-p $port \
      -c listen_addresses=127.0.0.1 -c unix_socket_directories=$PG_DIR -c max_connections=400 \
      -c shared_buffers=128MB -c fsync=$sync -c full_page_writes=$sync -c synchronous_commit=$sync" start) \
      >>"$PG_DIR.log" 2>&1
    then
      PG_PID=$(head -1 "$PG_DIR/data/postmaster.pid")
      PG_URL="postgres://peerhall:$password@127.0.0.1:$port/postgres"
      say "PostgreSQL $("$bin/postgres" --version | grep -oE '[0-9]+(\.[0-9]+)*' | head -1) on 127.0.0.1:$port, process $PG_PID"
      return
    fi
  done
  cat "$PG_DIR.log" "$PG_DIR/server.log" >&2
  fail "PostgreSQL did not start"
}

stop_postgres() {
  if [ -n "$PG_PID" ]; then
    kill -INT "$PG_PID" 2>/dev/null
    for _ in $(seq 100); do kill -0 "$PG_PID" 2>/dev/null || break; sleep 0.1; done
    kill -0 "$PG_PID" 2>/dev/null && kill -QUIT "$PG_PID" 2>/dev/null
    PG_PID=
  fi
  [ -n "$PG_DIR" ] && rm -rf "$PG_DIR" "$PG_DIR.log"
  PG_DIR=
}
trap stop_postgres EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
