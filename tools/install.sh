#!/bin/sh
# Installs into a virtual environment: install.sh FOLDER REQUIREMENT. The exact versions come from constraints.txt.
# pip's own words go to FOLDER/install.log; here a line every few seconds says how far it is.
set -eu
folder=$1
requirement=$2
log=$folder/install.log

"$folder/bin/python" -m pip install --disable-pip-version-check --progress-bar off \
    --constraint constraints.txt --editable "$requirement" >"$log" 2>&1 &
installer=$!
trap 'kill "$installer" 2>/dev/null' INT TERM

printf '安装软件包(第一次约需一两分钟)/ installing packages (a minute or two the first time)\n'
last=
while kill -0 "$installer" 2>/dev/null; do
    sleep 1
    line=$(sed -nE '/^ *(Collecting|Downloading|Building|Installing) /h; ${g;p;}' "$log" | cut -c 1-90)
    seconds=$((${seconds:-0} + 1))
    # something new, or nothing new for so long that somebody may think that it hangs
    if { [ $((seconds % 5)) -eq 0 ] && [ "$line" != "$last" ]; } || [ $((seconds % 30)) -eq 0 ]; then
        printf '  %3d s  %s\n' "$seconds" "$line"
        last=$line
    fi
done

if ! wait "$installer"; then
    tail -n 20 "$log" >&2
    printf '安装失败,全部记录见 %s / the installation failed; everything it said is in %s\n' "$log" "$log" >&2
    exit 1
fi
