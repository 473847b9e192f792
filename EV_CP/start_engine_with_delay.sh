#!/usr/bin/env bash
# The description's wrapper (S-OPS-11): an engine after ENGINE_MONITOR_STARTUP_DELAY seconds (0). No order of starts needs it (D-19).
set -u
delay=${ENGINE_MONITOR_STARTUP_DELAY:-0}
case $delay in *[!0-9]* | '')
  echo "ENGINE_MONITOR_STARTUP_DELAY='$delay' is not a whole number of seconds" >&2
  exit 2
  ;;
esac
sleep "$delay"
exec "$(cd "$(dirname "$0")/.." && pwd -P)/ev" engine "$@"
