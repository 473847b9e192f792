#!/usr/bin/env bash
# Registry on a computer of its own (R2-70): start.sh CENTRAL_HOST [IP_HOST]. --help says more.
set -u
root=$(cd "$(dirname "$0")/.." && pwd -P)
# shellcheck source=scripts/setup.sh
. "$root/scripts/setup.sh"

help_first start-registry "$@"
need_node
npm_packages
built_pages "$@"
exec "$root/ev" start-registry "$@"
