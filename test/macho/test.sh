#!/usr/bin/env bash
# npm run test:macho. Where its packages cannot be had it says so, and ends well.
set -euo pipefail
cd "$(dirname "$0")/../.."

test/macho/setup.sh || exit 0
npx tsx test/macho/prepare.ts
npx jest --config jest.macho.config.js
