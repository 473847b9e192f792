#!/usr/bin/env bash
# Charging points and EV_W on this computer (S-OPS-04): start.sh CENTRAL_HOST [CENTRAL_PORT] [CP_ID ...] [IP_HOST] [--no-cache]. --help says more.
set -u
root=$(cd "$(dirname "$0")/.." && pwd -P)
# shellcheck source=scripts/setup.sh
. "$root/scripts/setup.sh"

help_first start-points "$@"
need_node
npm_packages
built_pages "$@"
exec "$root/ev" start-points "$@"
