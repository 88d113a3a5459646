# shellcheck shell=bash
# Small things that the quickstart and the tests' stacks share: HTTP without curl, ports, the end of a process.

# http METHOD URL [HEADER...] [-- BODY] - writes the answer as it came, status line first. Fails when nothing answers.
http() {
  local method=$1 url=${2#http://} headers=() body='' connection line status=0
  shift 2
  while [ $# -gt 0 ]; do
    if [ "$1" = -- ]; then
      body=${2:-}
      break
    fi
    headers+=("$1")
    shift
  done
  local authority=${url%%/*} path=/
  [[ $url == */* ]] && path=/${url#*/}
  { exec {connection}<>"/dev/tcp/${authority%:*}/${authority##*:}"; } 2>/dev/null || return 1
  (
    trap '' PIPE # an early answer to a bad request must not end the script
    printf '%s %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n' "$method" "$path" "$authority"
    for line in "${headers[@]}"; do printf '%s\r\n' "$line"; done
    if [ -n "$body" ]; then printf 'Content-Length: %s\r\n' "$(printf %s "$body" | wc -c)"; fi
    printf '\r\n%s' "$body"
  ) 1>&"$connection" 2>/dev/null || status=1
  timeout 5 cat <&"$connection" 2>/dev/null | tr -d '\r' || status=1
  exec {connection}>&-
  return "$status"
}

# http_status METHOD URL ... - only the number; 000 when nothing answers.
http_status() {
  local answer
  answer=$(http "$@") || true
  [[ $answer =~ ^HTTP/1\.[01]\ ([0-9]{3}) ]] && printf '%s\n' "${BASH_REMATCH[1]}" || printf '000\n'
}

# wait_until SECONDS COMMAND... - tries it ten times a second; fails when the time is over.
wait_until() {
  local end=$((SECONDS + $1))
  shift
  until "$@"; do
    [ $SECONDS -lt $end ] || return 1
    sleep 0.1
  done
}

# port_inode PORT - writes the inode of the socket that listens on it; fails when none does.
port_inode() {
  local port found
  port=$(printf '%04X' "$1")
  found=$(awk -v port=":$port" '$4 == "0A" && substr($2, length($2) - 4) == port { print $10; exit }' \
    /proc/net/tcp /proc/net/tcp6 2>/dev/null) || true
  [ -n "$found" ] && printf '%s\n' "$found"
}

# port_owner PORT - 'nginx, process 123', as far as this user may know.
port_owner() {
  local inode fd process
  inode=$(port_inode "$1") || return 1
  fd=$(find /proc/[0-9]*/fd -maxdepth 1 -lname "socket:\[$inode\]" -print -quit 2>/dev/null) || true
  if [ -z "$fd" ]; then
    printf 'a process of another user\n'
    return 0
  fi
  process=${fd#/proc/}
  process=${process%%/*}
  printf '%s, process %s\n' "$(tr '\0' '\n' <"/proc/$process/comm" | head -1)" "$process"
}

# ports_reserve COUNT - sets PORTS_BASE to the first of COUNT free ports in a row, and keeps others that ask from getting them for
# as long as file descriptor PORTS_LOCK is open here or in a process that was started since.
ports_reserve() {
  local count=$1 base try port folder=${TMPDIR:-/tmp}/sporlos-ports-$UID
  mkdir -p "$folder"
  for ((try = 0; try < 200; try++)); do
    base=$((20000 + RANDOM % 1200 * 10)) # below the range that the kernel gives to clients
    exec {PORTS_LOCK}>"$folder/$base"
    if flock -n "$PORTS_LOCK"; then
      for ((port = base; port < base + count; port++)); do
        port_inode "$port" >/dev/null && break
      done
      if [ "$port" = $((base + count)) ]; then
        # shellcheck disable=SC2034
        PORTS_BASE=$base
        return 0
      fi
    fi
    exec {PORTS_LOCK}>&-
  done
  return 1
}

# process_started PID - when it started, in ticks since the boot: with the number, this names a process for good.
process_started() {
  local stat
  stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
  stat=${stat##*) }
  # shellcheck disable=SC2086
  set -- $stat
  [ "$1" != Z ] && printf '%s\n' "${20}"
}

# process_alive PID [STARTED] - runs, is no zombie, and is that process.
process_alive() {
  local started
  started=$(process_started "$1") && [ "${2:-$started}" = "$started" ]
}

process_gone() {
  ! process_alive "$@"
}

# process_end PID STARTED SECONDS - SIGTERM, then SIGKILL when the time is over. Fails if it came to that.
process_end() {
  process_alive "$1" "$2" || return 0
  kill -TERM "$1" 2>/dev/null || return 0
  wait_until "$3" process_gone "$1" "$2" && return 0
  kill -KILL "$1" 2>/dev/null || true
  return 1
}

# redis_users FOLDER - writes who may do what in a Redis of our own: FOLDER/users.acl, and for each program a login of its own,
# FOLDER/redis-collector and redis-aggregator. Whoever may open the socket may do everything, as an operator.
redis_users() {
  local name password acl
  acl=$(sed '/^user default /d' "$(dirname "${BASH_SOURCE[0]}")/../redis/users.acl")
  for name in collector aggregator; do
    password=$(random_text 32)
    acl=${acl//${name^^}_PASSWORD/$password}
    (umask 077 && printf '%s:%s\n' "$name" "$password" >"$1/redis-$name")
  done
  (umask 077 && printf 'user default on nopass ~* &* +@all\n%s\n' "$acl" >"$1/users.acl")
}

# redis_arguments FOLDER SOCKET - one argument a line: a server of our own, on a unix socket, with FOLDER/users.acl, keeping
# all it acknowledged.
redis_arguments() {
  printf '%s\n' --port 0 --unixsocket "$2" --unixsocketperm 700 --dir "$1" --aclfile "$1/users.acl" --daemonize no \
    --appendonly yes --appendfsync always --save '' --maxmemory-policy noeviction --hash-max-listpack-entries 0 \
    --auto-aof-rewrite-min-size 1mb
}

# journal_folder FOLDER - where the journal of a collector that belongs to FOLDER may be: the same each time, in memory
# only, made when it is not there. Writes nothing when there is no such place; the collector then does without.
journal_folder() {
  local place journal
  for place in "${XDG_RUNTIME_DIR:-/nonexistent}" /dev/shm /run; do
    if [ -w "$place" ] && [ "$(stat -f -c %T "$place")" = tmpfs ] && [ "$(df -Pk "$place" | awk 'NR == 2 { print $4 }')" -gt 81920 ]; then
      journal=$place/sporlos-$UID-$(printf %s "$1" | cksum | cut -d ' ' -f 1)
      if mkdir -p "$journal" && chmod 700 "$journal"; then
        printf '%s\n' "$journal"
        return 0
      fi
    fi
  done
}

redis_ready() {
  [ "$(redis-cli -s "$1" ping 2>/dev/null)" = PONG ]
}

# random_text LENGTH - letters and digits, from the kernel.
random_text() {
  local text=
  while [ ${#text} -lt "$1" ]; do
    text+=$(head -c 48 /dev/urandom | base64 -w 0 | tr -d '+/=0OIl1')
  done
  printf '%s\n' "${text:0:$1}"
}
