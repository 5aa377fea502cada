#!/bin/sh
# Makes a virtual environment: make_venv.sh FOLDER. Needs a Python 3.11 to 3.13, no root.
# PYTHON=/path/to/python3 in the environment chooses another Python.
set -eu
folder=$1

is_supported() {
    "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' 2>/dev/null
}

can_make_venv() {
    "$1" -c 'import ensurepip, venv' 2>/dev/null
}

# An interpreter that can make a venv by itself is better than a newer one that cannot.
python=
for candidate in ${PYTHON:-python3.13 python3.12 python3.11 python3}; do
    is_supported "$candidate" || continue
    python=${python:-$candidate}
    if can_make_venv "$candidate"; then
        python=$candidate
        break
    fi
done

if [ -z "$python" ]; then
    found=$(python3 --version 2>&1 || echo "no python3")
    cat >&2 <<END
融合需要 Python 3.11、3.12 或 3.13,这台电脑上是:$found
请安装(Debian/Ubuntu:sudo apt-get install python3 python3-venv),或用 PYTHON=/路径/python3 make 指定。
Ronghe needs Python 3.11, 3.12 or 3.13; this computer has: $found
Install one (Debian/Ubuntu: sudo apt-get install python3 python3-venv), or name it: PYTHON=/path/to/python3 make
END
    exit 1
fi

printf '准备运行环境 / setting up %s (%s)\n' "$folder" "$("$python" --version)"
trap 'rm -rf "$folder"' EXIT # half an environment would look like a whole one to make
if can_make_venv "$python"; then
    "$python" -m venv "$folder"
elif "$python" -m virtualenv --version >/dev/null 2>&1; then
    "$python" -m virtualenv --quiet "$folder"
elif "$python" -m pip --version >/dev/null 2>&1; then
    "$python" -m venv --without-pip "$folder"
    "$python" -m pip --python "$folder/bin/python" install --quiet pip
else
    cat >&2 <<END
$python 缺少 venv 模块。请安装(Debian/Ubuntu:sudo apt-get install python3-venv),再运行一次。
$python cannot make virtual environments. Install the module (Debian/Ubuntu: sudo apt-get install python3-venv), then run this again.
END
    exit 1
fi
trap - EXIT
