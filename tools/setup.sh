#!/usr/bin/env bash
# Installs what Ringfort needs to build and to test: Debian's packages, and llama.cpp.
# Does nothing when it is all there. Run as root, or with sudo available.
set -euo pipefail

packages=(
  build-essential cmake ninja-build pkg-config ccache mold clang clang-format libclang-rt-14-dev libfuzzer-14-dev
  libssl-dev nlohmann-json3-dev libfmt-dev libcli11-dev libtomlplusplus-dev zlib1g-dev libbz2-dev liblzma-dev
  libzstd-dev liblz4-dev libdeflate-dev
  libsqlite3-dev libseccomp-dev libarchive-dev libexpat1-dev libyaml-cpp-dev
  coinor-libclp-dev libgmp-dev libboost1.81-dev libeigen3-dev
  libtorch-dev libopenblas0-pthread libopenblas-pthread-dev
  libgtest-dev libgmock-dev libbenchmark-dev
  python3 python3-venv python3-jsonschema gcovr
)

missing=()
for package in "${packages[@]}"; do
  [[ $(dpkg-query -W -f '${Status}' "$package" 2>/dev/null) == 'install ok installed' ]] || missing+=("$package")
done
if ((${#missing[@]} > 0)); then
  echo "installing: ${missing[*]}"
  root=()
  if [[ $(id -u) != 0 ]]; then
    command -v sudo >/dev/null || { echo "error: not root and no sudo; install these packages: ${missing[*]}" >&2; exit 1; }
    root=(sudo)
  fi
  "${root[@]}" apt-get update -qq
  "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi

# Without it everything but the running of GGUF files is there.
"$(dirname "$0")/llama_cpp.sh" || true
