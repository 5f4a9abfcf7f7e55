#!/usr/bin/python3
"""The bootstrap multipliers of ictstat, made a second time from their description (docs/math.md).

    bootstrap.py REPLICATES LESS SEED PSUS,... [FRACTION,...]

PSUS: PSUs of each stratum; FRACTION: its sampling fraction, 0 with replacement. LESS: 0 Canty-Davison,
1 Rao-Wu. Prints one line a PSU with its multiplier in each replicate, for R to take."""
import sys

MASK = (1 << 64) - 1
GOLDEN = 0x9e3779b97f4a7c15


def mix(x):
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9 & MASK
    x = (x ^ x >> 27) * 0x94d049bb133111eb & MASK
    return x ^ x >> 31


class Stream:
    def __init__(self, seed, replicate, stratum):
        key = mix((seed + GOLDEN) & MASK)
        key = mix(key ^ (replicate + 1) * 0xd1342543de82ef95 & MASK)
        self.at = mix(key ^ (stratum + 1) * 0xaf251af3b0f025b5 & MASK)

    def below(self, n):
        while True:
            self.at = (self.at + GOLDEN) & MASK
            product = (mix(self.at) >> 32) * n
            if product % 2**32 >= (2**32 - n) % n:
                return product >> 32


def population(n, fraction, seed, stratum):
    """Copies of each PSU in the stratum's population; None: with replacement."""
    if fraction == 0:
        return None
    size = max(n, round(n / fraction))
    copies = [size // n] * n
    stream = Stream(seed, 2**64 - 2, stratum)
    left = size % n
    while left:
        psu = stream.below(n)
        if copies[psu] == size // n:
            copies[psu] += 1
            left -= 1
    return copies


def draw(n, less, copies, stream):
    count = [0] * n
    while sum(count) < n - less:
        psu = stream.below(n)
        if copies and stream.below(min(copies) + 1) >= copies[psu] - count[psu]:
            continue  # an empty or a taken place for a copy
        count[psu] += 1
    return count


def main():
    replicates, less, seed = (int(a) for a in sys.argv[1:4])
    sizes = [int(a) for a in sys.argv[4].split(",")]
    fractions = [float(a) for a in sys.argv[5].split(",")] if len(sys.argv) > 5 else [0] * len(sizes)
    for stratum, n in enumerate(sizes):
        copies = population(n, fractions[stratum], seed, stratum) if less == 0 else None
        counts = [draw(n, less, copies, Stream(seed, r, stratum)) for r in range(replicates)]
        for psu in range(n):
            print(",".join(repr(n / (n - less) * c[psu]) for c in counts))


main()
