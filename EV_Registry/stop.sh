#!/usr/bin/env bash
# Stops the Registry of this computer: stop.sh [--clear-logs].
set -u
exec "$(cd "$(dirname "$0")/.." && pwd -P)/ev" stop-registry "$@"
