#!/usr/bin/env bash
# The description's wrapper (S-OPS-11): an engine after ENGINE_MONITOR_STARTUP_DELAY seconds (0). No order of starts needs it (D-19).
set -u
root=$(cd "$(dirname "$0")/.." && pwd -P)
case ${1:-} in --help | -h)
  echo "ENGINE_MONITOR_STARTUP_DELAY=SECONDS EV_CP/start_engine_with_delay.sh: what follows, so many seconds later"
  exec "$root/ev" engine --help
  ;;
esac
delay=${ENGINE_MONITOR_STARTUP_DELAY:-0}
case $delay in *[!0-9]* | '')
  echo "ENGINE_MONITOR_STARTUP_DELAY='$delay' is not a whole number of seconds" >&2
  exit 2
  ;;
esac
sleep "$delay"
exec "$root/ev" engine "$@"
