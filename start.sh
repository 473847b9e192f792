#!/usr/bin/env bash
# Central, one charging point and one driver app on this computer, each by its own script (S-OPS-02): start.sh [PUBLIC_ADDRESS] [--open] [--no-cache].
set -u
root=$(cd "$(dirname "$0")" && pwd -P)
address="" open="" anew=""
for one in "$@"; do
  case $one in
    --open) open=$one ;;
    --no-cache) anew=$one ;;
    *) if [ -n "$address" ] || [ "${one#-}" != "$one" ]; then
      echo "start.sh [PUBLIC_ADDRESS] [--open] [--no-cache]; more have EV_Central/start.sh, EV_CP/start.sh, EV_Driver/start.sh (--help)" >&2
      exit 2
    fi
    address=$one ;;
  esac
done
"$root/EV_Central/start.sh" ${address:+"$address"} ${open:+"$open"} ${anew:+"$anew"} || exit
"$root/EV_CP/start.sh" ${address:+"$address"} ${open:+"$open"} || exit
exec "$root/EV_Driver/start.sh" ${address:+"$address"} ${open:+"$open"}
