#!/usr/bin/env bash
# Installs a .deb in a clean Debian 12 and digitises a scan there. Needs root and debootstrap; ./x deb try does the rest.
#
#   packaging/try.sh PACKAGE
#
# The system is made in a temporary folder by debootstrap and removed at the end. Nothing of this machine is bound into it but its own
# /proc, in a mount and process namespace that ends with it.
set -euo pipefail

[ $# -eq 1 ] || { echo "usage: packaging/try.sh PACKAGE" >&2; exit 2; }
[ "$(id -u)" = 0 ] || { echo "run it as root: debootstrap and chroot need that" >&2; exit 2; }
package=$(realpath "$1")
cd "$(dirname "$0")/.."

root=$(mktemp -d /var/tmp/sohoa-root.XXXXXX)
chmod 755 "$root" # apt reads the package as a user of its own
trap 'rm -rf --one-file-system "$root"' EXIT
say() { printf '%s\n' "$*" >&2; }

say "Debian 12 in $root"
unshare --mount debootstrap --variant=minbase bookworm "$root" "${MIRROR:-http://deb.debian.org/debian}" > "$root.log" 2>&1 ||
  { tail -n 20 "$root.log" >&2; rm -f "$root.log"; exit 1; }
rm -f "$root.log"

mkdir "$root/try"
cp "$package" "$root/try/sohoa.deb"
cp fixtures/c5-office.pdf fixtures/a5-garbled.txt "$root/try/"
cp /etc/resolv.conf "$root/etc/resolv.conf"

inside() { unshare --mount --pid --fork --mount-proc="$root/proc" chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"; }

say "Installing"
inside apt-get install -y -qq --no-install-recommends /try/sohoa.deb < /dev/null > /dev/null
inside dpkg --status sohoa | grep -E '^(Version|Installed-Size|Depends):' >&2
say "Digitising"
inside sh -euc 'cd /try && sohoa digitise c5-office.pdf a5-garbled.txt -o out --report && sohoa export out --to tables && ls out tables'
for name in c5-office.pdf a5-garbled.txt; do
  cmp "$root/try/out/$name.txt" "fixtures/$name.expected.txt"
done
[ -s "$root/usr/share/man/man1/sohoa-digitise.1.gz" ] && [ -s "$root/usr/share/bash-completion/completions/sohoa" ]
say "Removing"
inside apt-get remove -y -qq sohoa < /dev/null > /dev/null
[ ! -e "$root/usr/bin/sohoa" ]
say "The package installs, works and goes."
