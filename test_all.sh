#!/usr/bin/env bash
# Runs every test; the last line is "N passed, N failed". Arguments: names of groups (unit, edge, flows ...) to run only those.
set -u
root=$(cd "$(dirname "$0")" && pwd -P)
# shellcheck source=scripts/setup.sh
. "$root/scripts/setup.sh"

help_first test "$@"
need_node
need_java
npm_packages
if [ -z "${CHROMIUM:-}" ]; then
  has chromium || has chromium-browser || has google-chrome || install_or_tell "Chromium, which the page tests drive," chromium libnss3-tools
fi
for one in ip nft; do
  has "$one" || install_or_tell "$one, with which the deployment tests make computers and walls," iproute2 nftables
done
has certutil || install_or_tell "certutil, which tells Chromium of our CA," libnss3-tools
"$root/ev" pages || exit 1
cd "$root" || exit 1
exec "$root/ev" test "$@"
