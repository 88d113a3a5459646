# shellcheck shell=bash disable=SC2034
# The Debian packages that Sporløs needs, in one place, and how to get those that are missing.
# An entry is PACKAGE, or PACKAGE:COMMAND where any other way to have COMMAND is as good (a newer Node.js, say).

packages_build=(
  gcc:cc libc6-dev cmake:cmake make:make pkg-config:pkg-config
  uthash-dev libevent-dev libhiredis-dev libmaxminddb-dev libfyaml-dev libsodium-dev libsqlite3-dev libidn2-dev libunistring-dev publicsuffix
  nodejs:node npm:npm # assets at build time and the data; nothing of them runs in the product
)
packages_run=(
  ca-certificates
  redis-server:redis-server redis-tools:redis-cli
)
packages_demo=(
  nginx-light:nginx
)
packages_test_format=(clang-format-14:clang-format-14)
packages_test_scripts=(shellcheck:shellcheck procps:ps faketime "${packages_demo[@]}")
packages_test_units=(git:git ninja-build:ninja clang:clang libclang-rt-14-dev llvm:llvm-symbolizer libcmocka-dev libhttp-parser-dev libpsl-dev)
packages_test_journeys=(chromium:chromium nginx-light:nginx haproxy:haproxy faketime curl:curl strace:strace procps:ps sqlite3:sqlite3 msmtp:msmtp poppler-utils:pdftotext)
packages_test_faults=(spin:spin faketime sqlite3:sqlite3 strace:strace nginx-light:nginx haproxy:haproxy nftables:nft)
packages_test_bench=(valgrind:valgrind nginx-light:nginx wrk:wrk)

# packages_missing ENTRY... - writes the packages that are missing, one a line.
packages_missing() {
  local entry package wanted=()
  for entry in "$@"; do
    if [[ $entry == *:* ]] && PATH=$PATH:/usr/sbin:/sbin command -v "${entry#*:}" >/dev/null; then
      continue
    fi
    wanted+=("${entry%%:*}")
  done
  [ ${#wanted[@]} -gt 0 ] || return 0
  if ! command -v dpkg-query >/dev/null; then
    printf '%s\n' "${wanted[@]}"
    return 0
  fi
  local installed
  installed=$(dpkg-query -W -f '${db:Status-Abbrev} ${Package}\n' "${wanted[@]}" 2>/dev/null | sed -n 's/^.i  *//p') || true
  for package in "${wanted[@]}"; do
    grep -qxF -- "$package" <<<"$installed" || printf '%s\n' "$package"
  done
}

# packages_root COMMAND... - runs it as root; 126 when there is no way to.
packages_root() {
  if [ "$(id -u)" = 0 ]; then
    DEBIAN_FRONTEND=noninteractive "$@"
  elif command -v sudo >/dev/null; then
    sudo DEBIAN_FRONTEND=noninteractive "$@"
  else
    return 126
  fi
}

packages_can_install() {
  command -v apt-get >/dev/null && { [ "$(id -u)" = 0 ] || command -v sudo >/dev/null; }
}

# The two steps of an installation. The first may be interrupted at any time; the second should be left to end.
packages_download() {
  packages_root apt-get -qq update &&
    packages_root apt-get -qq install -y --no-install-recommends --download-only "$@"
}

# Debian starts a service as soon as its package is there. We start our own servers, so those that come with our
# packages stay off: denied while installing, disabled for the next boot.
packages_unpack() {
  local policy=/usr/sbin/policy-rc.d written=no service status=0
  if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' | packages_root tee "$policy" >/dev/null || return
    packages_root chmod 755 "$policy"
    written=yes
  fi
  packages_root apt-get -qq -o Dpkg::Options::=--force-unsafe-io install -y --no-install-recommends --no-download "$@" || status=$?
  if [ $written = yes ]; then
    packages_root rm -f "$policy"
  fi
  if [ -d /run/systemd/system ]; then
    for service in "$@"; do
      case $service in
        redis-server) packages_root systemctl -q disable redis-server.service || true ;;
        nginx-light) packages_root systemctl -q disable nginx.service || true ;;
      esac
    done
  fi
  return "$status"
}
