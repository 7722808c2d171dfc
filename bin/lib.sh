# Sourced by the scripts beside it: the same ground under all of them, whatever the caller's shell has set.
# shellcheck shell=bash
set -euo pipefail
unset CDPATH PYTHONPATH PYTHONHOME VIRTUAL_ENV PYTHONDONTWRITEBYTECODE DJANGO_SETTINGS_MODULE
PATH="${PATH:+$PATH:}/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
export PATH HOME="${HOME:-/tmp}"
cd "$(dirname "${BASH_SOURCE[0]}")/.."
ROOT="$PWD"
PY="$ROOT/.venv/bin/python"

say() { printf '%s\n' "$*" >&2; }
die() { say "$*"; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }

# apt_install PACKAGE...: false where packages may not be installed from here
apt_install() {
  local as_root=()
  have apt-get || return 1
  if [ "$(id -u)" != 0 ]; then
    have sudo && sudo -n true 2>/dev/null || return 1
    as_root=(sudo -n)
  fi
  say "Installerer med apt: $*"
  local quiet=(env DEBIAN_FRONTEND=noninteractive apt-get -qq -y -o DPkg::Lock::Timeout=120)
  "${as_root[@]}" "${quiet[@]}" install --no-install-recommends "$@" >/dev/null 2>&1 </dev/null && return 0
  "${as_root[@]}" "${quiet[@]}" update >/dev/null </dev/null || return 1
  "${as_root[@]}" "${quiet[@]}" install --no-install-recommends "$@" >/dev/null </dev/null
}
