#!/usr/bin/env bash
# Gets what building and running the Mac's addon on Linux needs. Ends with 1, and one line, where that cannot be had.
set -euo pipefail
cd "$(dirname "$0")"

cannot() {
  echo "SKIPPED macho: $1" >&2
  exit 1
}

[ "$(uname -sm)" = 'Linux x86_64' ] || cannot 'it runs on Linux x86_64 only'

packages=(
  clang-19 lld-19 llvm-19 libc++-19-dev libc++abi-19-dev
  qemu-user g++-aarch64-linux-gnu libc6-dev-arm64-cross
)
if ! dpkg --status "${packages[@]}" >/dev/null 2>&1; then
  command -v apt-get >/dev/null || cannot "${packages[*]} are not installed, and there is no apt-get"
  apt-get update -qq || true
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${packages[@]}" >/dev/null ||
    cannot "apt-get cannot install ${packages[*]}"
fi

# Their systems and processors are others (--force); a link named node would hide the real one (--no-bin-links).
if ! cmp --silent package-lock.json node_modules/.installed; then
  npm ci --ignore-scripts --force --no-bin-links --loglevel=error || cannot 'npm cannot install its packages'
  cp package-lock.json node_modules/.installed
fi
