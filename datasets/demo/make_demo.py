#!/usr/bin/python3
"""Make the demo survey: households and persons of Examplia, an invented country.

    make_demo.py            write households.csv and persons.csv beside this file
    make_demo.py --check    make them in memory and compare with the shipped bytes

Nothing here was observed: every record comes from the generator below and its seed. The generator
is our own (SplitMix64, integers only) and no libm function is called, so the bytes are the same on
every machine and under every version of Python.

The sample: 12 strata (6 regions x urban/rural), PSUs drawn in each, about 10 households in a PSU,
every member listed, ICT questions put to members aged 5 and over.
"""
import os
import sys

SEED = 20240617
HERE = os.path.dirname(os.path.abspath(__file__))


class Random:
    """SplitMix64 (Steele, Lea, Flood 2014)."""

    def __init__(self, seed):
        self.state = seed

    def bits(self):
        self.state = (self.state + 0x9E3779B97F4A7C15) % 2**64
        z = self.state
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 % 2**64
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB % 2**64
        return z ^ (z >> 31)

    def unit(self):
        """Uniform in [0, 1), a multiple of 2^-32: exact in a double."""
        return (self.bits() >> 32) / 2**32

    def whole(self, low, high):
        return low + self.bits() % (high - low + 1)

    def chance(self, p):
        return self.unit() < p

    def pick(self, weighted):
        """A value of [(value, percent), ...] whose percents sum to 100."""
        at = self.unit() * 100
        for value, percent in weighted:
            at -= percent
            if at < 0:
                return value
        return weighted[-1][0]


# Region code: (urban PSUs, rural PSUs, urban households, rural households, wealth 0..1)
REGIONS = {
    1: (16, 6, 412000, 96000, 0.80),   # Capital
    2: (11, 10, 205000, 188000, 0.55),  # North Coast
    3: (9, 13, 131000, 254000, 0.35),   # Highlands
    4: (10, 9, 176000, 149000, 0.50),   # River
    5: (7, 12, 88000, 231000, 0.30),    # South
    6: (9, 8, 97000, 61000, 0.60),      # Isles
}
URBAN, RURAL = 1, 2
YES, NO, SKIPPED, DONT_KNOW, REFUSED = 1, 2, 7, 8, 9

# Skill question: how likely for a user of middle age and schooling
SKILLS = [("s_copy_paste", 0.52), ("s_send_attachment", 0.60), ("s_spreadsheet", 0.24),
          ("s_devices", 0.34), ("s_software", 0.38), ("s_presentation", 0.22),
          ("s_transfer", 0.36), ("s_program", 0.06), ("s_security", 0.30),
          ("s_privacy", 0.33), ("s_verify", 0.35)]

HOUSEHOLD_COLUMNS = ["hh_id", "region", "area", "psu", "hh_weight", "hh_size", "electricity", "radio",
                     "tv", "mobile", "desktop", "laptop", "tablet", "internet"]
PERSON_COLUMNS = (["hh_id", "line", "sex", "age", "education", "weight", "internet_last",
                   "computer_last", "phone_own"] + [name for name, _ in SKILLS])


def clamp(p):
    return min(max(p, 0.01), 0.99)


def answer(rng, p, dont_know=0.004, refused=0.002):
    kind = rng.unit()
    if kind < dont_know:
        return DONT_KNOW
    if kind < dont_know + refused:
        return REFUSED
    return YES if rng.chance(clamp(p)) else NO


def last_use(rng, p):
    """1 under 3 months, 2 under 12 months, 3 longer ago, 4 never; 8, 9."""
    kind = rng.unit()
    if kind < 0.005:
        return DONT_KNOW
    if kind < 0.008:
        return REFUSED
    if rng.chance(clamp(p)):
        return 1
    return rng.pick([(2, 9), (3, 7), (4, 84)])


def household(rng, wealth, area):
    urban = area == URBAN
    own = clamp(wealth + 0.25 * (rng.unit() - 0.5) + (0.10 if urban else -0.08))
    electricity = answer(rng, 0.99 if urban else 0.62 + 0.4 * own, 0, 0)
    power = 1.0 if electricity == YES else 0.1
    h = {"electricity": electricity,
         "radio": answer(rng, 0.62 - 0.15 * own),
         "tv": answer(rng, power * (0.55 + 0.45 * own)),
         "mobile": answer(rng, 0.82 + 0.2 * own),
         "desktop": answer(rng, power * 0.30 * own),
         "laptop": answer(rng, power * 0.75 * own),
         "tablet": answer(rng, power * 0.35 * own),
         "internet": answer(rng, power * (1.05 * own), 0.012, 0.004)}
    return h, own


def person(rng, own, urban, online, line, head_age):
    if line == 1:
        age = head_age
    elif line == 2 and rng.chance(0.7):
        age = max(18, head_age - 8 + rng.whole(0, 12))
    else:
        age = rng.pick([(rng.whole(0, 4), 18), (rng.whole(5, 14), 36), (rng.whole(15, 24), 26),
                        (rng.whole(25, 59), 12), (rng.whole(60, 92), 8)])
    sex = rng.whole(1, 2)
    # Schooling (ISCED 2011, grouped): 0 none, 1 primary, 2 lower and 3 upper secondary, 5 tertiary
    school = own + 0.3 * (rng.unit() - 0.5) - (0.004 * (age - 30) if age > 30 else 0)
    education = "" if age < 5 else 0 if age < 10 else 1 if age < 13 else 2 if age < 16 else \
        0 if school < 0.2 else 1 if school < 0.35 else 2 if school < 0.5 else 3 if school < 0.7 else 5
    p = {"sex": sex, "age": 999 if rng.chance(0.002) else age, "education": education}
    if age < 5:
        for name in PERSON_COLUMNS[6:]:
            p[name] = ""
        return p
    young = 0.10 if 15 <= age <= 34 else -0.25 if age < 10 else -0.08 if age < 15 else -0.006 * (age - 34)
    liking = 0.34 + 0.5 * own + young + (0.12 if online else -0.14) + (0.03 if sex == 1 else 0)
    if education in (3, 5):
        liking += 0.08
    p["internet_last"] = last_use(rng, liking)
    user = p["internet_last"] == 1
    p["computer_last"] = last_use(rng, (0.75 if user else 0.06) * (0.3 + 0.7 * own))
    grown = 0.05 if age < 10 else 0.30 if age < 15 else 0.78 + 0.25 * own - (0.004 * (age - 50) if age > 50 else 0)
    p["phone_own"] = answer(rng, grown + (0.15 if user and age >= 10 else 0) + (0.02 if sex == 1 else -0.02))
    asked = user or p["computer_last"] == 1
    for name, level in SKILLS:
        if not asked:
            p[name] = SKIPPED
            continue
        able = level + 0.35 * (own - 0.5) + (0.12 if education in (3, 5) else -0.12)
        able += 0.06 if 15 <= age <= 34 else -0.08
        p[name] = answer(rng, able + (0.08 if p["computer_last"] == 1 else -0.10), 0.006, 0.002)
    return p


def decimal(x, comma=False):
    text = "%.4f" % x
    return text.replace(".", ",") if comma else text


def make():
    """The two files, as bytes."""
    rng = Random(SEED)
    households = [",".join(HOUSEHOLD_COLUMNS)]
    persons = [";".join(PERSON_COLUMNS)]
    psu = 0
    for region, (n_urban, n_rural, hh_urban, hh_rural, wealth) in sorted(REGIONS.items()):
        for area, n_psu, population in ((URBAN, n_urban, hh_urban), (RURAL, n_rural, hh_rural)):
            for _ in range(n_psu):
                psu += 1
                here = clamp(wealth + 0.3 * (rng.unit() - 0.5))
                n_hh = rng.whole(7, 12)
                # Drawn with probability proportional to a size that has since moved: unequal weights
                weight = population / n_psu / n_hh * (0.7 + 0.6 * rng.unit())
                for k in range(1, n_hh + 1):
                    h, own = household(rng, here, area)
                    size = rng.pick([(1, 16), (2, 26), (3, 25), (4, 18), (5, 10), (6, 5)])
                    hh_id = "%03d%02d" % (psu, k)
                    h.update(hh_id=hh_id, region=region, area=area, psu=psu, hh_size=size,
                             hh_weight=decimal(weight))
                    households.append(",".join(str(h[c]) for c in HOUSEHOLD_COLUMNS))
                    head_age = rng.whole(21, 78)
                    for line in range(1, size + 1):
                        p = person(rng, own, area == URBAN, h["internet"] == YES, line, head_age)
                        # Men answer less often; the office's adjustment gives them more weight
                        factor = 1.06 if p["sex"] == 1 else 0.95
                        p.update(hh_id=hh_id, line=line, weight=decimal(weight * factor, comma=True))
                        persons.append(";".join(str(p[c]) for c in PERSON_COLUMNS))
    return {"households.csv": ("\n".join(households) + "\n").encode("ascii"),
            "persons.csv": ("\n".join(persons) + "\n").encode("ascii")}


def main():
    if sys.argv[1:] not in ([], ["--check"]):
        sys.exit(__doc__)
    differ = 0
    for name, data in make().items():
        path = os.path.join(HERE, name)
        if sys.argv[1:] == []:
            with open(path, "wb") as f:
                f.write(data)
            continue
        with open(path, "rb") as f:
            same = f.read() == data
        print("%s: %s" % (name, "same" if same else "DIFFERS from what make_demo.py makes"))
        differ += not same
    sys.exit(1 if differ else 0)


if __name__ == "__main__":
    main()
