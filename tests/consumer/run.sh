#!/usr/bin/env bash
# Installs the library into a scratch prefix and builds the consumer against it: by pkg-config
# and by find_package, as C and as C++; all must print the same estimates as the command.
set -euo pipefail
build=$1 source=$2
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cmake --install "$build" --prefix "$scratch/usr" >/dev/null
libdir=$(dirname "$(find "$scratch/usr" -name libictstat.so | head -n 1)")
export LD_LIBRARY_PATH=$libdir ICTSTAT_DATA=$scratch/usr/share/ictstat
"$scratch/usr/bin/ictstat" import "$source/datasets/demo/demo.yaml" -o "$scratch/demo.h5" -q
"$scratch/usr/bin/ictstat" compute "$scratch/demo.h5" -i 17.8.1 --by sex -f csv -q >"$scratch/want.csv"

flags=$(PKG_CONFIG_PATH=$libdir/pkgconfig pkg-config --define-variable=prefix="$scratch/usr" --cflags --libs ictstat)
# shellcheck disable=SC2086
gcc -std=c17 -Wall -Wextra -Werror "$source/tests/consumer/consumer.c" $flags -o "$scratch/by-pkg-config-c"
# shellcheck disable=SC2086
g++ -std=c++17 -Wall -Wextra -Werror -x c++ "$source/tests/consumer/consumer.c" -x none $flags -o "$scratch/by-pkg-config-cxx"

mkdir "$scratch/cm"
cp "$source/tests/consumer/consumer.c" "$scratch/cm/"
cat >"$scratch/cm/CMakeLists.txt" <<'CM'
cmake_minimum_required(VERSION 3.25)
project(consumer LANGUAGES C)
find_package(ictstat 0.1 REQUIRED)
add_executable(by-find-package consumer.c)
target_link_libraries(by-find-package PRIVATE ictstat::ictstat)
CM
cmake -S "$scratch/cm" -B "$scratch/cm/build" -G Ninja -DCMAKE_PREFIX_PATH="$scratch/usr" >/dev/null
cmake --build "$scratch/cm/build" >/dev/null

for program in "$scratch/by-pkg-config-c" "$scratch/by-pkg-config-cxx" "$scratch/cm/build/by-find-package"; do
  "$program" "$scratch/demo.h5" >"$scratch/got.csv"
  cmp "$scratch/want.csv" "$scratch/got.csv"
  echo "ok: $(basename "$program")"
done
