#!/usr/bin/env bash
# Stops the charging points of these ids, or all of this computer (S-OPS-08): stop.sh [CP_ID ...] [--clear-logs].
set -u
exec "$(cd "$(dirname "$0")/.." && pwd -P)/ev" stop-points "$@"
