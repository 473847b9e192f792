#!/usr/bin/env bash
# Stops the driver apps of these ids, or all of this computer (S-OPS-09): stop.sh [DRV_ID ...] [--clear-logs].
set -u
exec "$(cd "$(dirname "$0")/.." && pwd -P)/ev" stop-drivers "$@"
