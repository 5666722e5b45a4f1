#!/usr/bin/env bash
# Make what some tests talk to available: COMMAND=PACKAGE[,PACKAGE...] a word. Never fails: without it those tests skip and say why.
set -u
packages=()
for word in "$@"; do
    command -v "${word%%=*}" >/dev/null || { [ -x "/usr/sbin/${word%%=*}" ] || packages+=(${word#*=}); }
done
[ ${#packages[@]} -gt 0 ] || exit 0
IFS=, read -r -a packages <<<"$(IFS=,; echo "${packages[*]}")"
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "Not installed (apt-get install ${packages[*]}): the tests that need it will skip" >&2
    exit 0
fi
export DEBIAN_FRONTEND=noninteractive
log=$(mktemp)
if apt-get update -q >"$log" 2>&1 && apt-get install -q -y --no-install-recommends "${packages[@]}" >>"$log" 2>&1; then
    rm -f "$log"
else
    tail -n 5 "$log" >&2
    echo "${packages[*]} could not be installed: the tests that need it will skip" >&2
fi
exit 0
