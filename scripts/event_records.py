"""Event files byte by byte, for the scripts that need large or broken ones. With crc32c from PyPI it is faster."""
import struct

try:
    from crc32c import crc32c
except ImportError:
    TABLE = []
    for byte in range(256):
        for _ in range(8):
            byte = byte >> 1 ^ (0x82F63B78 if byte & 1 else 0)
        TABLE.append(byte)

    def crc32c(data):
        """The checksum of Castagnoli's polynomial, reflected: 0x82F63B78."""
        value = 0xFFFFFFFF
        for byte in data:
            value = value >> 8 ^ TABLE[(value ^ byte) & 0xFF]
        return value ^ 0xFFFFFFFF


def masked(data):
    value = crc32c(data)
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


def version(time): return record(b"\x09" + struct.pack("<d", time) + field(3, b"brain.Event:2"))


def scalar(tag, step, value, time=None):
    inner = field(1, field(1, tag) + b"\x15" + struct.pack("<f", value))
    return record(b"\x09" + struct.pack("<d", 1.7e9 + step if time is None else time) + b"\x10" + varint(step) + b"\x2a" + varint(len(inner)) + inner)
