#!/usr/bin/env bash
# Memory (PSS, MB) of every process of the running local network, its children included, and the sum. Linux only.
set -u
case ${1:-} in
  --help | -h) echo "scripts/memory.sh: memory (PSS, MB) of every process of the running network (EV_VAR_DIR), and the sum; Linux only"; exit 0 ;;
  ?*) echo "'$1' is not understood: scripts/memory.sh takes no arguments" >&2; exit 2 ;;
esac
root=$(cd "$(dirname "$0")/.." && pwd -P)
network="${EV_VAR_DIR:-$root/var}/network.json"
[ -r "$network" ] || { echo "no $network: the network has not been started" >&2; exit 1; }

pss_kb() { awk '/^Pss:/ { sum += $2 } END { print sum + 0 }' "/proc/$1/smaps_rollup" 2>/dev/null || echo 0; }

# with_children PID: the process and all below it.
with_children() {
  echo "$1"
  cat /proc/"$1"/task/*/children 2>/dev/null | tr ' ' '\n' | while read -r child; do
    [ -z "$child" ] || with_children "$child"
  done
}

total=0
report() {
  sum=0
  for pid in $(with_children "$2"); do sum=$((sum + $(pss_kb "$pid"))); done
  total=$((total + sum))
  printf '%-16s %7d\n' "$1" "$((sum / 1024))"
}

while read -r name pid; do report "$name" "$pid"; done <<LIST
$("$root/ev" status | awk 'NR > 1 && $2 != "-" { print $1, $2 }')
LIST
supervisor=$(sed -n 's/.*"supervisorPid": \([0-9]*\).*/\1/p' "$network")
# The supervisor's children are the processes above: only itself here.
own=$(pss_kb "$supervisor")
total=$((total + own))
printf '%-16s %7d\n' supervisor "$((own / 1024))"
printf '%-16s %7d\n' total "$((total / 1024))"
