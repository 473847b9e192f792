#!/usr/bin/env bash
# Kafka, PostgreSQL, Central, panel and Registry on this computer (S-OPS-03): start.sh [PUBLIC_ADDRESS] [CENTRAL_SOCKET_PORT]. --help says more.
set -u
root=$(cd "$(dirname "$0")/.." && pwd -P)
# shellcheck source=scripts/setup.sh
. "$root/scripts/setup.sh"

help_first start-central "$@"
need_node
need_java
npm_packages
built_pages "$@"
exec "$root/ev" start-central "$@"
