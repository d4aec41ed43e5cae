#!/usr/bin/env bash
# Packs a built program as a .deb: the program, its manual pages, completions and documentation. ./x deb builds the program first.
#
#   packaging/deb.sh PROGRAM FOLDER        writes FOLDER/sohoa_VERSION_ARCHITECTURE.deb and prints its path
#
# What it depends on is taken from the program itself (dpkg-shlibdeps) but for the recognition model, which is data. Equal inputs give
# equal bytes: times are those of the last commit, or SOURCE_DATE_EPOCH.
set -euo pipefail

[ $# -eq 2 ] || { echo "usage: packaging/deb.sh PROGRAM FOLDER" >&2; exit 2; }
program=$(realpath "$1")
mkdir -p "$2"
folder=$(realpath "$2")
cd "$(dirname "$0")/.."

version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)
architecture=$(dpkg --print-architecture)
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2> /dev/null || stat -c %Y Cargo.toml)}
export SOURCE_DATE_EPOCH

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/root
umask 022

install -D -m 755 "$program" "$root/usr/bin/sohoa"
strip --strip-unneeded --remove-section=.comment "$root/usr/bin/sohoa"

manual() { gzip -9n > "$root/usr/share/man/man1/$1.1.gz"; }
mkdir -p "$root/usr/share/man/man1"
"$program" manual | manual sohoa
commands=$("$program" help | sed -n '/^Commands:/,/^$/s/^  \([a-z-]*\) .*/\1/p')
for command in $commands; do
  [ "$command" = help ] || "$program" manual "$command" | manual "sohoa-$command"
done

completion() { mkdir -p "$root/$(dirname "$2")" && "$program" completions "$1" > "$root/$2"; }
completion bash usr/share/bash-completion/completions/sohoa
completion zsh usr/share/zsh/vendor-completions/_sohoa
completion fish usr/share/fish/vendor_completions.d/sohoa.fish

doc=$root/usr/share/doc/sohoa
mkdir -p "$doc"
cp README.md "$doc/"
cp -r docs schema "$doc/"
gzip -9nc CHANGELOG.md > "$doc/changelog.gz"
install -m 644 packaging/copyright "$doc/copyright"

# dpkg-shlibdeps wants to stand beside a source package's control file.
mkdir -p "$work/debian" "$root/DEBIAN"
printf 'Source: sohoa\n\nPackage: sohoa\nArchitecture: any\n' > "$work/debian/control"
libraries=$(cd "$work" && dpkg-shlibdeps -O "$root/usr/bin/sohoa" | sed -n 's/^shlibs:Depends=//p')
[ -n "$libraries" ] || { echo "dpkg-shlibdeps found no libraries that $program needs" >&2; exit 1; }

cat > "$root/DEBIAN/control" <<CONTROL
Package: sohoa
Version: $version
Architecture: $architecture
Maintainer: The sohoa authors <sohoa@localhost>
Section: text
Priority: optional
Installed-Size: $(du -sk --apparent-size "$root/usr" | cut -f1)
Depends: $libraries, tesseract-ocr-script-viet
Recommends: tesseract-ocr-osd
Suggests: tesseract-ocr-vie, jq, graphviz
Description: scanned Vietnamese administrative plans to restored text and JSON
 Reads scanned plans (PDF, PNG, JPEG, TIFF) and the garbled text that old OCR
 left of them, restores the Vietnamese diacritics, and finds the tree of
 sections, who has to do what, and what is cited.
 .
 Works on folders of any size with all cores, goes on where it was stopped, and
 exports tables and archival records.
CONTROL
(cd "$root" && find usr -type f -print0 | LC_ALL=C sort -z | xargs -0 md5sum > DEBIAN/md5sums)
find "$root" -newermt "@$SOURCE_DATE_EPOCH" -print0 | xargs -0r touch --no-dereference --date="@$SOURCE_DATE_EPOCH"

package=$folder/sohoa_${version}_$architecture.deb
dpkg-deb --root-owner-group -Zxz --build "$root" "$package" > /dev/null
echo "$package"
