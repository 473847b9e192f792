#!/usr/bin/env bash
# Stops what EV_Central/start.sh started (S-OPS-07). --clear-logs also removes the logs.
set -u
exec "$(cd "$(dirname "$0")/.." && pwd -P)/ev" stop-central "$@"
