#!/usr/bin/env bash
# Resolve pyproject.toml into requirements/. UPGRADE=1 takes newer releases; otherwise the locked versions are kept.
set -euo pipefail
cd "$(dirname "$0")/.."
uv=${1:-.venv/bin/uv}
uv_version=$("$uv" --version | cut -d' ' -f2)
options=(--quiet --universal --generate-hashes --no-header --python-version 3.11)
[ -z "${UPGRADE:-}" ] || options+=(--upgrade)

"$uv" pip compile "${options[@]}" pyproject.toml --group build -o requirements/run.txt
"$uv" pip compile "${options[@]}" pyproject.toml --group build --group dev -c requirements/run.txt -o requirements/dev.txt
echo "uv==$uv_version" | "$uv" pip compile "${options[@]}" --no-annotate - -o requirements/uv.txt
