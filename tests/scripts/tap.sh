# shellcheck shell=bash
# Tests in bash: each is a function whose name starts with test_ and that fails by returning non-zero. run_tests runs
# all of them, each in a shell and a folder ($box) of its own, and writes TAP. A test that wants to end what it started
# says so with: trap ... EXIT.
set -euo pipefail
project=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# shellcheck source=deploy/lib/processes.sh
. "$project/deploy/lib/processes.sh"

# Whatever a test left, also one that was interrupted.
clear_box() {
  local folder
  for folder in "$box"/*/; do
    if [ -e "$folder/redis.pid" ]; then "$project/tests/support/stack" down "$folder" >/dev/null 2>&1 || true; fi
  done
  rm -rf "$box" "$(journal_folder "$box/q")" "$(journal_folder "$box/a")"
}

run_tests() {
  local name number=0 all output status failed=0
  mapfile -t all < <(declare -F | sed -n 's/^declare -f \(test_\)/\1/p')
  echo "1..${#all[@]}"
  box=/nonexistent
  trap clear_box EXIT
  trap 'exit 143' TERM
  trap 'exit 130' INT
  for name in "${all[@]}"; do
    number=$((number + 1))
    box=$(mktemp -d "${TMPDIR:-/tmp}/sporlos-test.XXXXXX")
    status=0
    # A new shell, for set -e to hold inside the function.
    output=$(bash -c '. "$1"; box=$2; set -euxo pipefail; "$3"' test "$0" "$box" "$name" 2>&1) || status=$?
    if [ $status = 0 ]; then
      echo "ok $number - ${name//_/ }"
    elif [ $status = 77 ]; then
      echo "ok $number - ${name//_/ } # SKIP $(sed -n 's/^skipped: //p' <<<"$output")"
    else
      echo "not ok $number - ${name//_/ }"
      awk '!seen[$0]++' <<<"$output" | tail -n 40 | sed 's/^/# /' # waiting says the same many times
      failed=1
    fi
    clear_box
  done
  trap - EXIT
  return $failed
}

# skip REASON - ends a test that cannot be tried here.
skip() {
  printf 'skipped: %s\n' "$1"
  exit 77
}

# same A B
same() {
  [ "$1" = "$2" ] || {
    printf 'expected: %s\ngot:      %s\n' "$2" "$1" >&2
    return 1
  }
}

# has TEXT PART
has() {
  [[ $1 == *"$2"* ]] || {
    printf 'expected a text with: %s\ngot: %s\n' "$2" "$1" >&2
    return 1
  }
}

# processes_of FOLDER - the ids of the processes that were started with this folder in their arguments.
processes_of() {
  local process
  for process in /proc/[0-9]*; do
    if tr '\0' ' ' 2>/dev/null <"$process/cmdline" | grep -qF -- "$1/"; then echo "${process#/proc/}"; fi
  done
}

none_of() {
  [ -z "$(processes_of "$1")" ]
}
