"""Event files byte by byte, for the scripts that need large or broken ones. Wants crc32c from PyPI."""
import struct

import crc32c


def masked(data):
    value = crc32c.crc32c(data)
    return ((value >> 15 | value << 17) + 0xA282EAD8) & 0xFFFFFFFF


def head(length):
    data = struct.pack("<Q", length)
    return data + struct.pack("<I", masked(data))


def record(payload): return head(len(payload)) + payload + struct.pack("<I", masked(payload))


def varint(value):
    out = b""
    while value >= 0x80:
        out += bytes([value & 0x7F | 0x80])
        value >>= 7
    return out + bytes([value])


def field(number, data): return varint(number << 3 | 2) + varint(len(data)) + data


def scalar(tag, step, value):
    inner = field(1, field(1, tag) + b"\x15" + struct.pack("<f", value))
    return record(b"\x09" + struct.pack("<d", 1.7e9 + step) + b"\x10" + varint(step) + b"\x2a" + varint(len(inner)) + inner)
