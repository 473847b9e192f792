#!/usr/bin/env bash
# Runs a command in the root folder of an image, as a container would: enter.sh ROOT UID:GID WORKDIR ro|rw [FROM:TO[:ro] ...] -- COMMAND ...
# For root, in a mount namespace of its own (`ip netns exec` and `unshare --mount` make one). Programs and libraries are the
# computer's own, read-only; everything else of the root is the image's.
set -eu
root=$1 account=$2 workdir=$3 mode=$4
shift 4
mount --make-rprivate /
mount --bind "$root" "$root"
for place in usr etc dev proc; do
  mkdir -p "$root/$place"
  mount --rbind "/$place" "$root/$place"
done
for place in bin sbin lib lib64; do
  [ -e "$root/$place" ] || ln -s "usr/$place" "$root/$place"
done
mkdir -p "$root/tmp"
mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
while [ "$1" != -- ]; do
  IFS=: read -r from to how <<<"$1"
  mkdir -p "$root$to"
  mount --bind "$from" "$root$to"
  [ "${how:-rw}" = rw ] || mount -o remount,bind,ro "$root$to"
  shift
done
shift
for place in usr etc; do mount -o remount,bind,ro "$root/$place"; done
[ "$mode" = rw ] || mount -o remount,bind,ro "$root"
# shellcheck disable=SC2016 # expanded by the inner shell
exec chroot --userspec="$account" --groups= "$root" /bin/sh -c 'cd "$0" && exec "$@"' "$workdir" "$@"
