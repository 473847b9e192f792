#!/usr/bin/env bash
# Central, one charging point and one driver app on this computer, each by its own script (S-OPS-02): start.sh [PUBLIC_ADDRESS].
set -u
root=$(cd "$(dirname "$0")" && pwd -P)
"$root/EV_Central/start.sh" "$@" || exit 1
"$root/EV_CP/start.sh" ${1:+"$1"} || exit 1
exec "$root/EV_Driver/start.sh" ${1:+"$1"}
