#!/usr/bin/python3
"""The replicate multipliers of ictstat, made a second time from their description (docs/math.md).

    multipliers.py KIND [REPLICATES] [SEED] < units

KIND: as --replicates without its number, or fay:RHO. units: a line for each unit of the last stage, in the order of
the store: stratum, unit, fraction (0: with replacement) of the first stage, then of the second, and so on. Prints
one line a unit with its multiplier in each replicate, for R to take."""
import math
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


class Stratum:
    """Units of one stratum, numbered; where the stratum lies: (unit above, number of the stratum)."""

    def __init__(self, number, fraction, parent):
        self.number, self.fraction, self.parent, self.units = number, fraction, parent, []


def read_levels(lines):
    """Strata by level; each unit is (stratum, place in it); and the path of each line."""
    rows = [[float(v) for v in line.split(",")] for line in lines]
    n_levels = len(rows[0]) // 3
    levels, paths = [[] for _ in range(n_levels)], []
    strata, units = {}, {}
    for row in rows:
        path, key, parent = [], (), None
        for level in range(n_levels):
            label, unit, fraction = row[3 * level:3 * level + 3]
            key += (label,)
            if key not in strata:
                strata[key] = Stratum(len(levels[level]), fraction, parent)
                levels[level].append(strata[key])
            stratum = strata[key]
            key += (unit,)
            if key not in units:
                units[key] = (stratum, len(stratum.units))
                stratum.units.append(key)
            parent = units[key]
            path.append(parent)
        paths.append(path)
    return levels, paths


# ---- bootstraps of PSUs ----

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


def bootstrap(strata, less, replicates, seed):
    out = []
    for h in strata:
        n = len(h.units)
        if n == 1:
            out.append([[1] * replicates])
            continue
        copies = population(n, h.fraction, seed, h.number) if less == 0 else None
        counts = [draw(n, less, copies, Stream(seed, r, h.number)) for r in range(replicates)]
        out.append([[n / (n - less) * c[psu] for c in counts] for psu in range(n)])
    return out


# ---- half-samples and successive differences ----

def hadamard(order):
    """The first of 1, 2 or a Paley matrix (q + 1) that doubling takes to the order, as engine/replicate/hadamard.c."""
    def prime(n):
        return n > 1 and all(n % i for i in range(2, int(n**0.5) + 1))

    if order & order - 1:
        size = min(order >> k for k in range(order.bit_length()) if (order >> k) % 4 == 0 and order % (1 << k) == 0
                   and prime((order >> k) - 1))
        q = size - 1
        squares = {i * i % q for i in range(1, q)}
        h = [[1] * size] + [[-1] + [1 if i == j or (j - i) % q in squares else -1 for j in range(1, size)]
                            for i in range(1, size)]
    else:
        h = [[1]]
    while len(h) < order:
        h = [row + row for row in h] + [row + [-v for v in row] for row in h]
    return h


def smallest_order(n):
    """Above n, of those that hadamard makes: 28 = 2 (13 + 1) is none, as 13 is not 3 mod 4."""
    def known(m):
        while m % 4 == 0:
            if all((m - 1) % i for i in range(2, int((m - 1)**0.5) + 1)):
                return True
            m //= 2
        return False
    return next(m for m in range(4, 4 * n + 8, 4) if m > n and known(m))


def half_samples(strata, rho):
    h = hadamard(smallest_order(len(strata)))
    out = []
    for s in strata:
        signs = h[s.number + 1]
        out.append([[1] * len(h)] if len(s.units) == 1 else
                   [[2 - rho if (v > 0) == (psu == 0) else rho for v in signs] for psu in range(2)])
    return out


def rows_of_links(n_rows):
    """1, 2, 3 ...; then every second row, and so on, where the step meets every row."""
    step, at = 1, 0
    while True:
        for _ in range(n_rows):
            yield 1 + at
            at = (at + step) % n_rows
        step = step % n_rows + 1
        while math.gcd(step, n_rows) != 1:
            step = step % n_rows + 1


def successive(strata, replicates):
    h, rows, out = hadamard(replicates), rows_of_links(replicates - 1), []
    for s in strata:
        n = len(s.units)
        if n == 1:
            out.append([[1] * replicates])
            continue
        links = [next(rows)]
        for i in range(1, n):
            row = next(rows)
            while row == links[-1] or (i == n - 1 and row == links[0]):
                row = next(rows)
            links.append(row)
        c = math.sqrt(1 - s.fraction) * 2**-1.5
        out.append([[1 + c * (h[links[i]][r] - h[links[(i + 1) % n]][r]) for r in range(replicates)] for i in range(n)])
    return out


# ---- all stages ----

def multistage(levels, paths, replicates, seed):
    kept = {}
    for level, strata in enumerate(levels):
        for s in strata:
            n = len(s.units)
            for r in range(replicates):
                wanted, stream, mine = (n // 2 if n > 1 else 1), Stream(seed, r + (level << 32), s.number), []
                for i in range(n):
                    take = wanted > 0 and stream.below(n - i) < wanted
                    wanted -= take
                    mine.append(take)
                kept[level, s.number, r] = mine

    def multiplier(path, r):
        m, above, fractions = 1.0, 1.0, 1.0
        for level, (s, place) in enumerate(path):
            n, half, k = len(s.units), len(s.units) // 2, kept[level, s.number, r][place]
            if n > 1:
                m += above * math.sqrt(fractions * half * (1 - s.fraction) / (n - half)) * (n / half * k - 1)
                above *= math.sqrt(n / half) * k
            fractions *= s.fraction
        return m
    return [[multiplier(path, r) for r in range(replicates)] for path in paths]


def main():
    kind, _, rho = sys.argv[1].partition(":")
    replicates, seed = (int(a) for a in (sys.argv[2:4] + ["0", "0"])[:2])
    levels, paths = read_levels(sys.stdin)
    if kind == "mrbbootstrap":
        rows = multistage(levels, paths, replicates, seed)
    else:
        by_stratum = {"brr": lambda: half_samples(levels[0], 0), "fay": lambda: half_samples(levels[0], float(rho)),
                      "sdr": lambda: successive(levels[0], replicates),
                      "bootstrap": lambda: bootstrap(levels[0], 0, replicates, seed),
                      "subbootstrap": lambda: bootstrap(levels[0], 1, replicates, seed)}[kind]()
        rows = [by_stratum[path[0][0].number][path[0][1]] for path in paths]
    for row in rows:
        print(",".join(repr(float(v)) for v in row))


main()
