#!/usr/bin/env bash
# Fetches llama.cpp and builds it as static libraries, once for all build folders.
#
#   llama_cpp.sh           fetches and builds what is not there; does nothing otherwise
#   llama_cpp.sh --where   prints the folder (include/, lib/, LICENSE) and does nothing else
#
# The sources are those that the Python package llama-cpp-python carries, fetched by pip
# by version and SHA-256. docs/decisions/0006-llama-cpp-beside-the-build.md says why.
set -euo pipefail

version=0.3.36
sha256=832db0699007f1be95a7e41ef12e88926b02ba836461e36a36372db2760c1a2e
recipe=1 # to be raised with every change of how it is built

cache="${RINGFORT_CACHE:-${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/ringfort}"
where="$cache/llama.cpp-$version-$recipe"
if [[ ${1:-} == --where ]]; then
  echo "$where"
  exit 0
fi
if [[ -f $where/lib/libllama.a ]]; then
  exit 0
fi

echo "fetching and building llama.cpp (once, about two minutes)"
mkdir -p "$cache"
scratch=$(mktemp -d "$cache/building-XXXXXX")
trap 'rm -rf "$scratch"' EXIT

give_up() {
  tail -n 5 "$scratch/log" >&2 || true
  echo "error: llama.cpp could not be $1; Ringfort is built without it (RINGFORT_WITH_LLAMA_CPP)" >&2
  exit 1
}

echo "llama-cpp-python==$version --hash=sha256:$sha256" > "$scratch/wanted"
{
  /usr/bin/python3 -m venv "$scratch/venv" &&
    "$scratch/venv/bin/python" -m pip download -q --disable-pip-version-check --no-deps --no-binary llama-cpp-python \
      --require-hashes -r "$scratch/wanted" -d "$scratch"
} > "$scratch/log" 2>&1 || give_up fetched

# Only what the libraries are made of: the archive carries 150 MB beside it.
source="$scratch/source"
mkdir "$source"
inside=llama_cpp_python-$version/vendor/llama.cpp
tar -xzf "$scratch/llama_cpp_python-$version.tar.gz" -C "$source" --strip-components=3 \
  "$inside/CMakeLists.txt" "$inside/LICENSE" "$inside/cmake" "$inside/ggml" "$inside/include" "$inside/src" \
  "$inside/vendor" > "$scratch/log" 2>&1 || give_up unpacked

# The same instructions wherever it is built, so that what one machine builds another
# can run: AVX2 where this processor has it. Exceptions pass through its C code, since a
# failed assertion comes back to us as one. Its own threads instead of OpenMP's, which
# spin when another program wants the processor.
wide=OFF
if grep -qw avx2 /proc/cpuinfo 2>/dev/null; then wide=ON; fi
launcher=()
export CCACHE_BASEDIR="$scratch" CCACHE_NOHASHDIR=true
if command -v ccache > /dev/null; then
  launcher=(-DCMAKE_C_COMPILER_LAUNCHER=ccache -DCMAKE_CXX_COMPILER_LAUNCHER=ccache)
fi
{
  cmake -S "$source" -B "$scratch/build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DBUILD_SHARED_LIBS=OFF \
    -DCMAKE_C_FLAGS=-fexceptions -DCMAKE_POSITION_INDEPENDENT_CODE=ON "${launcher[@]}" \
    -DGGML_NATIVE=OFF -DGGML_AVX=$wide -DGGML_AVX2=$wide -DGGML_FMA=$wide -DGGML_F16C=$wide -DGGML_BMI2=$wide \
    -DGGML_OPENMP=OFF -DGGML_BLAS=OFF -DGGML_CUDA=OFF -DGGML_CCACHE=OFF -DGGML_BUILD_COMMIT=none \
    -DLLAMA_BUILD_NUMBER=0 -DLLAMA_BUILD_COMMIT=none -DLLAMA_OPENSSL=OFF \
    -DLLAMA_BUILD_COMMON=OFF -DLLAMA_BUILD_TESTS=OFF -DLLAMA_BUILD_TOOLS=OFF -DLLAMA_BUILD_EXAMPLES=OFF \
    -DLLAMA_BUILD_SERVER=OFF -DLLAMA_BUILD_APP=OFF -DLLAMA_BUILD_UI=OFF &&
    cmake --build "$scratch/build" -j "${JOBS:-$(nproc)}" --target llama
} > "$scratch/log" 2>&1 || give_up built

made="$scratch/made"
mkdir -p "$made/include" "$made/lib"
cp "$source"/include/llama.h "$source"/ggml/include/{ggml.h,ggml-alloc.h,ggml-backend.h,ggml-cpu.h,ggml-opt.h,gguf.h} "$made/include/"
find "$scratch/build" -name 'lib*.a' -exec cp {} "$made/lib/" \;
cp "$source/LICENSE" "$made/LICENSE"
[[ -e $where ]] || mv -T "$made" "$where" 2> /dev/null || [[ -f $where/lib/libllama.a ]]
