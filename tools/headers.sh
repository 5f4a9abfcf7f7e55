#!/usr/bin/env bash
# Every header compiles alone, in C and (public ones) in C++.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
hdf5=$(pkg-config --cflags hdf5-serial 2>/dev/null || pkg-config --cflags hdf5)
for header in engine/*/*.h include/ictstat/*.h; do
  # shellcheck disable=SC2086 # flags are words
  gcc -std=c17 -D_GNU_SOURCE -Wall -Wextra -Werror -Iengine -Iinclude $hdf5 -fsyntax-only -x c "$header"
done
for header in include/ictstat/*.h; do
  g++ -std=c++17 -Wall -Wextra -Werror -Iinclude -fsyntax-only -x c++ "$header"
done
echo "every header stands alone"
