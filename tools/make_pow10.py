#!/usr/bin/env python3
"""Writes engine/base/pow10.inc: 10^k for k in [-292, 324], exactly scaled to 128 bits and rounded up.

    tools/make_pow10.py > engine/base/pow10.inc
"""
HEAD = """\
/* pow10.inc - the powers of ten from 10^-292 to 10^324 as 128 bits: g = ceil(10^k * 2^(127 - e)) with
 * e = floor(log2(10^k)), the high half first. Made by tools/make_pow10.py; included by number_text.c. */"""


def scaled(k):
    if k >= 0:
        power = 10**k
        shift = power.bit_length() - 128
        return power << -shift if shift <= 0 else -((-power) >> shift)
    power = 10**-k  # no power of two, so floor(log2(1/power)) = -bit_length
    return -((-1 << (127 + power.bit_length())) // power)


def main():
    print(HEAD)
    rows = ["{0x%016X, 0x%016X}" % divmod(scaled(k), 1 << 64) for k in range(-292, 325)]
    for i in range(0, len(rows), 2):
        print("    " + ", ".join(rows[i : i + 2]) + ",")


main()
