"""Writes the truths for the rounding of numbers: C's correctly rounded printf, through Python's format().

    python3 scripts/make-number-truths.py > Tests/Fixtures/report/rounding.tsv

Columns: the bits of the double in hexadecimal, the number of significant digits, the number in `%.{n-1}e` notation.
"""
import random
import struct

random.seed(20260108)


def bits(value):
    return format(struct.unpack(">Q", struct.pack(">d", value))[0], "016x")


def single(value):
    return struct.unpack(">f", struct.pack(">f", value))[0]


values = [0.5, 2.5, 0.125, 0.375, 1.25, 1.35, 2.675, 1.005, 1.00005, 9.9995, 99.995, 0.00012345, 1e-5, 2.2250738585072014e-308,
          1.7976931348623157e308, 123456.5, 999999.5, 0.1, 0.3, 1 / 3, 2 / 3, 1e15, 1e16, 1e21, 1e22, 1e23]
values += [k / 32 for k in range(1, 200, 6)]  # many exact ties
values += [k / 1000 + 0.0005 for k in range(0, 3000, 77)]  # decimal halves that are not binary ones
values += [single(random.lognormvariate(0, 3)) for _ in range(120)]
values += [random.lognormvariate(0, 40) for _ in range(80)]
for value in values:
    for digits in (1, 2, 4, 7):
        text = format(value, f".{digits - 1}e")
        mantissa, exponent = text.split("e")
        print(bits(value), digits, f"{mantissa}e{int(exponent)}", sep="\t")
