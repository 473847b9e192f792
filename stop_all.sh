#!/usr/bin/env bash
# Stops everything that run_all.sh started, in reverse order. --clear-logs also removes the logs.
set -u
root=$(cd "$(dirname "$0")" && pwd -P)
exec "$root/ev" down "$@"
