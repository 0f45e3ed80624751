#!/usr/bin/env bash
# Sets up what `make demo`, `make test` and `make llama` need on a Debian or Ubuntu machine:
# system packages (when missing and permitted), .venv, and for test/llama the llama.cpp wheel.
# Works as root and as an ordinary user with sudo. Says what it does; safe to run again.
set -euo pipefail
cd "$(dirname "$0")/.."

purpose=${1:?usage: setup.sh demo|test|llama}
python=${PYTHON:-python3}
venv=.venv
llama_version=0.3.36
wheels=.cache/wheels

say() { printf '\033[1m==>\033[0m %s\n' "$*"; }
die() { printf 'setup: %s\n' "$*" >&2; exit 1; }

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"
  elif command -v sudo >/dev/null && { sudo -n true 2>/dev/null || [ -t 0 ]; }; then sudo "$@"
  else return 126
  fi
}

install_packages() {
  [ $# -gt 0 ] || return 0
  say "System packages missing: $*"
  if ! command -v apt-get >/dev/null; then
    die "install these with your package manager, then run me again: $*"
  fi
  if ! as_root true; then
    die "no root and no sudo here: have someone run: apt-get install $*"
  fi
  as_root apt-get update -q >/dev/null || die "apt-get update failed"
  as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -q -y --no-install-recommends "$@" >/dev/null \
    || die "apt-get install $* failed"
}

missing_packages() {
  command -v bwrap >/dev/null || echo bubblewrap
  command -v "$python" >/dev/null || echo python3
  if ! command -v "$python" >/dev/null || ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    echo python3-venv
  fi
  if [ "$purpose" != demo ]; then
    command -v c++ >/dev/null || echo g++
  fi
}

make_venv() {
  "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
    || die "AIR needs Python 3.11 or newer; $python is $("$python" -V 2>&1). Try: make PYTHON=python3.12 $purpose"
  if ! "$venv/bin/python" -c '' 2>/dev/null; then
    say "Creating $venv with $("$python" -V)"
    rm -rf "$venv"
    "$python" -m venv "$venv"
  fi
}

# The stamp holds everything the environment depends on, so that a second run does nothing.
install_air() {
  local extra=$1 stamp="$venv/.air-$1" key
  key=$(cat pyproject.toml scripts/setup.sh | sha256sum | cut -c1-16)-$PWD
  if [ "$(cat "$stamp" 2>/dev/null)" = "$key" ]; then return; fi
  say "Installing AIR and its packages into $venv (${extra})"
  local target=.
  [ "$extra" = dev ] && target='.[dev]'
  "$venv/bin/python" -m pip install -q --disable-pip-version-check -e "$target"
  echo "$key" > "$stamp"
}

progress() {  # one line every ten seconds while process $1 writes log $2
  local start=$SECONDS step
  while kill -0 "$1" 2>/dev/null; do
    sleep 10
    step=$(grep -aoE '\[[0-9]+/[0-9]+\]' "$2" | tail -n 1 || true)
    printf '    llama.cpp: %s %ds\n' "${step:-preparing}" $((SECONDS - start))
  done
}

install_llama() {
  if "$venv/bin/python" -c 'import llama_cpp' 2>/dev/null; then return; fi
  if ! ls "$wheels"/llama_cpp_python-$llama_version-*.whl >/dev/null 2>&1; then
    say "Building llama.cpp once (about 5 minutes on two cores); the wheel stays in $wheels"
    mkdir -p "$wheels"
    local log=$wheels/build.log
    CMAKE_BUILD_PARALLEL_LEVEL=${CMAKE_BUILD_PARALLEL_LEVEL:-$(nproc)} \
      "$venv/bin/python" -m pip wheel -v --disable-pip-version-check --no-deps -w "$wheels" \
      --no-binary llama-cpp-python "llama-cpp-python==$llama_version" >"$log" 2>&1 &
    local pid=$!
    progress $pid "$log"
    wait $pid || { tail -n 30 "$log" >&2; die "llama.cpp did not build; the log is $log"; }
  fi
  say "Installing the llama.cpp wheel"
  "$venv/bin/python" -m pip install -q --disable-pip-version-check \
    "$wheels"/llama_cpp_python-$llama_version-*.whl
}

mapfile -t packages < <(missing_packages)
install_packages "${packages[@]}"
make_venv
case $purpose in
  demo) install_air demo ;;
  llama) install_air demo; install_llama ;;
  test) install_air dev; install_llama ;;
  *) die "unknown purpose $purpose" ;;
esac
