#!/usr/bin/env bash
# Central, one charging point and one driver app on this computer, each by its own script (S-OPS-02). --help says more.
set -u
root=$(cd "$(dirname "$0")" && pwd -P)
usage="start.sh [PUBLIC_ADDRESS] [--open] [--no-cache]

Central, one charging point and one driver app on this computer, each by its own script. More of them have
EV_Central/start.sh, EV_CP/start.sh and EV_Driver/start.sh (--help).
  PUBLIC_ADDRESS  how other computers reach this one
  --open          open the pages in a browser and the logs in a terminal, if there is a desktop
  --no-cache      build the pages anew"
address="" open="" anew=""
for one in "$@"; do
  case $one in
    --help | -h)
      printf '%s\n' "$usage"
      exit 0
      ;;
    --open) open=$one ;;
    --no-cache) anew=$one ;;
    *) if [ -n "$address" ] || [ "${one#-}" != "$one" ]; then
      printf "'%s' is not understood\n\n%s\n" "$one" "$usage" >&2
      exit 2
    fi
    address=$one ;;
  esac
done
"$root/EV_Central/start.sh" ${address:+"$address"} ${open:+"$open"} ${anew:+"$anew"} || exit
"$root/EV_CP/start.sh" ${address:+"$address"} ${open:+"$open"} || exit
exec "$root/EV_Driver/start.sh" ${address:+"$address"} ${open:+"$open"}
