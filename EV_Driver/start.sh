#!/usr/bin/env bash
# Driver apps on this computer (S-OPS-05): start.sh IP_BROKER PUERTO_BROKER [IP_HOST] [DRVNNN ...]. --help says more.
set -u
root=$(cd "$(dirname "$0")/.." && pwd -P)
# shellcheck source=scripts/setup.sh
. "$root/scripts/setup.sh"

help_first start-drivers "$@"
need_node
npm_packages
built_pages "$@"
exec "$root/ev" start-drivers "$@"
