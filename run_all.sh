#!/usr/bin/env bash
# Sets everything up and starts the whole network on this computer. --help says more.
set -u
root=$(cd "$(dirname "$0")" && pwd -P)
# shellcheck source=scripts/setup.sh
. "$root/scripts/setup.sh"

help_first up "$@"
need_node
need_java
npm_packages
"$root/ev" pages || exit 1
exec "$root/ev" up "$@"
