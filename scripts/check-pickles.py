"""Holds `ftreport verify` against Python's own readers of pickles, on streams of opcodes that chance writes.

    swift build && python3 scripts/check-pickles.py [--count 12000] [--seed 1] [--binary .build/debug/ftreport]

Each stream is given to CPython's three readers (C from memory, C from a buffered file, Python), whose `find_class` notes
what is asked for and hands out a class that does nothing, so that nothing is run. What verify calls sound has to load in
all of them and to ask for nothing that it does not know; what loads in all of them, and asks for known names alone, has
to be sound for verify. Streams that only one side can read are told by kind. Exits with 1 where verify lets through what
Python would call, and where it condemns what is sound.
"""
import argparse, collections, io, json, pickle, random, struct, subprocess, sys, tempfile
from pathlib import Path

parser = argparse.ArgumentParser()
parser.add_argument("--count", type=int, default=12_000)
parser.add_argument("--seed", type=int, default=1)
parser.add_argument("--binary", default=".build/debug/ftreport")
options = parser.parse_args()
chance = random.Random(options.seed)

HARMLESS = ["collections OrderedDict", "torch FloatStorage", "builtins set"]
HARMFUL = ["os system", "builtins eval", "posix system", "subprocess Popen", "builtins getattr", "a.b c.d"]


def text(limit=12):
    return "".join(chance.choice("abcdexyz_0") for _ in range(chance.randrange(limit)))


def name():
    return chance.choice(HARMLESS + HARMFUL)


def value():
    """The opcodes of a value, most of them whole."""
    kind = chance.randrange(24)
    u = text().encode()
    if kind == 0: return b"N"
    if kind == 1: return chance.choice([b"\x88", b"\x89"])
    if kind == 2: return b"K" + bytes([chance.randrange(256)])
    if kind == 3: return b"M" + struct.pack("<H", chance.randrange(65536))
    if kind == 4: return b"J" + struct.pack("<i", chance.randrange(-2**31, 2**31))
    if kind == 5: return b"X" + struct.pack("<I", len(u)) + u
    if kind == 6: return b"\x8c" + bytes([len(u)]) + u
    if kind == 7: return b"\x8d" + struct.pack("<Q", len(u)) + u
    if kind == 8: return b"C" + bytes([len(u)]) + u
    if kind == 9: return b"B" + struct.pack("<I", len(u)) + u
    if kind == 10: return b"\x8e" + struct.pack("<Q", len(u)) + u
    if kind == 11: return b"\x96" + struct.pack("<Q", len(u)) + u
    if kind == 12: return b"G" + struct.pack(">d", chance.random())
    if kind == 13: return chance.choice([b"I1\n", b"I01\n", b"I-7\n", b"L5L\n", b"F1.5\n", b"Va\n", b"S'a'\n"])
    if kind == 14: return b"\x8a\x02" + bytes(chance.randrange(256) for _ in range(2))
    if kind == 15: return chance.choice([b")", b"]", b"}", b"\x8f"])
    if kind == 16: return b"(" + b"".join(value() for _ in range(chance.randrange(4))) + chance.choice([b"t", b"l", b"\x91"])
    if kind == 17: return b"c" + name().replace(" ", "\n").encode() + b"\n"
    if kind == 18:
        module, attribute = name().split(" ")
        return b"".join(b"\x8c" + bytes([len(part)]) + part.encode() for part in (module, attribute)) + b"\x93"
    if kind == 19: return value() + b"0" + value()
    if kind == 20: return b"]" + b"(" + value() + value() + b"e"
    if kind == 21: return b"}" + b"(X\1\0\0\0a" + value() + b"u"
    if kind == 22: return b"c" + name().replace(" ", "\n").encode() + b"\n" + b"(" + value() + b"t" + b"R"
    return value() + b"\x94" + (b"h\0" if chance.random() < 0.5 else b"N") + b"\x86"


def framed(body):
    """The opcodes with frames about them: whole ones, cut ones, nested ones, some with a length that lies."""
    pieces, rest = b"", body
    while rest:
        size = chance.choice([len(rest), chance.randrange(1, len(rest) + 1), chance.randrange(0, 12)])
        size = min(size, len(rest))
        lie = chance.choice([0, 0, 0, 0, 1, -1, 7]) if chance.random() < 0.3 else 0
        if chance.random() < 0.8: pieces += b"\x95" + struct.pack("<Q", max(0, size + lie))
        pieces += rest[:max(1, size)]
        rest = rest[max(1, size):]
    return pieces


def stream():
    body = b"".join(value() + b"0" for _ in range(chance.randrange(3))) + value() + b"."
    shape = chance.randrange(5)
    if shape == 0: body = framed(body)
    if shape == 1: body = b"\x95" + struct.pack("<Q", len(body)) + body
    if chance.random() < 0.1:
        place = chance.randrange(len(body))
        body = body[:place] + bytes([chance.randrange(256)]) + body[place + 1:]
    if chance.random() < 0.05: body += bytes(chance.randrange(256) for _ in range(5))
    # A mark of a protocol, so that the file is a pickle for certain.
    return b"\x80" + bytes([chance.choice([2, 4, 5])]) + body


class Inert:
    def __new__(cls, *arguments, **named): return object.__new__(cls)
    def __init__(self, *arguments, **named): pass
    def __setstate__(self, state): pass
    def __setitem__(self, key, item): pass
    def append(self, item): pass
    def extend(self, items): pass
    def add(self, item): pass
    def __hash__(self): return 1
    def __eq__(self, other): return self is other


def readers(data, path):
    def listening(base):
        class Listening(base):
            def find_class(self, module, attribute):
                self.asked.append(f"{module}.{attribute}")
                return Inert
            def persistent_load(self, key): return Inert()
        return Listening
    for base, source in ((pickle._Unpickler, io.BytesIO(data)), (pickle.Unpickler, io.BytesIO(data)),
                         (pickle.Unpickler, open(path, "rb"))):
        reader = listening(base)(source)
        reader.asked = []
        try:
            reader.load()
            yield True, reader.asked
        except RecursionError: raise
        except Exception as error:
            yield False, reader.asked
        source.close()


KNOWN = {name.replace(" ", ".") for name in HARMLESS}
with tempfile.TemporaryDirectory() as folder:
    folder = Path(folder)
    streams = [stream() for _ in range(options.count)]
    for index, data in enumerate(streams): (folder / f"{index:06}.pkl").write_bytes(data)
    result = subprocess.run([options.binary, "verify", "--format", "json", folder], capture_output=True, text=True)
    verdicts = {}
    for line in result.stdout.splitlines():
        verdict = json.loads(line)
        verdicts[int(Path(verdict["file"]).stem)] = [fault["what"] for fault in verdict["faults"]]
    kinds, wrong = collections.Counter(), []
    for index, data in enumerate(streams):
        outcomes = list(readers(data, folder / f"{index:06}.pkl"))
        asked = {name for _, names in outcomes for name in names}
        loads = [ok for ok, _ in outcomes]
        faults = verdicts.get(index)
        if faults is None:
            wrong.append((index, "verify says nothing of it"))
        elif not faults:
            if asked - KNOWN: wrong.append((index, f"verify lets through {sorted(asked - KNOWN)}"))
            elif not all(loads): kinds["sound for verify, refused by Python"] += 1
            else: kinds["sound for both"] += 1
        elif all(loads) and not asked - KNOWN:
            strict = ("frame", "stand behind the end", "extension", "cannot change", "level", "memo")
            if any(word in fault for fault in faults for word in strict): kinds["refused by verify's strictness"] += 1
            else: wrong.append((index, f"verify condemns what is sound: {faults}"))
        elif len(set(loads)) > 1 or len({tuple(names) for _, names in outcomes}) > 1:
            kinds["read differently by Python's readers, refused by verify"] += 1
        else: kinds["refused by both"] += 1
for kind, count in sorted(kinds.items()): print(f"{count:7} {kind}")
print(f"{len(wrong):7} wrong")
for index, what in wrong[:20]: print(f"  {streams[index].hex()}: {what}")
sys.exit(1 if wrong else 0)
