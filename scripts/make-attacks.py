"""Writes Tests/CheckpointTests/Attacks: small files that try to exhaust, mislead or overrun their reader.

Everything is made of bytes here, so that the files hold what no honest writer would write; nothing of them is ever
loaded by Python. Run with Python 3 alone:

    python3 scripts/make-attacks.py
"""
import pickle, shutil, struct, zlib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent / "Tests/CheckpointTests/Attacks"


def write(name, data):
    path = ROOT / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


# --- zip ---------------------------------------------------------------------------------------------------------

def entry(name, data, method=0, size=None, compressed=None, local_name=None, flags=0):
    return {"name": name.encode(), "data": data, "method": method, "flags": flags,
            "size": len(data) if size is None else size,
            "compressed": len(data) if compressed is None else compressed,
            "local": (local_name or name).encode()}


def archive(entries, count=None, offset=None, size=None, gap=b"", comment=b"", offsets=None, disk=0, zip64=None):
    body = b""
    starts = []
    for e in entries:
        starts.append(len(body))
        body += struct.pack("<IHHHHHIIIHH", 0x04034B50, 20, e["flags"], e["method"], 0, 0, zlib.crc32(e["data"]),
                            e["compressed"] & 0xFFFFFFFF, e["size"] & 0xFFFFFFFF, len(e["local"]), 0)
        body += e["local"] + e["data"]
    if offsets:
        starts = [offsets.get(i, s) for i, s in enumerate(starts)]
    directory = b""
    for e, start in zip(entries, starts):
        directory += struct.pack("<IHHHHHHIIIHHHHHII", 0x02014B50, 20, 20, e["flags"], e["method"], 0, 0,
                                 zlib.crc32(e["data"]), e["compressed"], e["size"], len(e["name"]), 0, 0, 0, 0, 0,
                                 start) + e["name"]
    number = len(entries) if count is None else count
    end = struct.pack("<IHHHHIIH", 0x06054B50, disk, disk, number, number,
                      len(directory) if size is None else size, len(body) if offset is None else offset,
                      len(comment)) + comment
    return body + directory + gap + (zip64 or b"") + end


def zips():
    honest = b"\x80\x02}q\x00."
    good = entry("archive/data.pkl", honest)
    storage = entry("archive/data/0", bytes(16))
    write("zip/duplicate.pt", archive([good, storage, storage]))
    write("zip/duplicate-pickle.pt", archive([good, entry("other/data.pkl", honest)]))
    write("zip/same-place.pt", archive([good, storage], offsets={1: 0}))
    # An entry within the data of another, as zip bombs of one file have thousands.
    inner = archive([entry("archive/data/1", bytes(8))])[:30 + 14 + 8]
    write("zip/overlap.pt", archive(
        [good, entry("archive/data/0", bytes(10) + inner + bytes(10)), entry("archive/data/1", bytes(8))],
        offsets={2: 30 + 16 + len(honest) + 30 + 14 + 10}))
    write("zip/escape-parent.pt", archive([good, entry("archive/../../etc/passwd", b"x")]))
    write("zip/escape-root.pt", archive([good, entry("/etc/passwd", b"x")]))
    write("zip/escape-backslash.pt", archive([good, entry("archive\\..\\x", b"x")]))
    write("zip/escape-drive.pt", archive([good, entry("C:/x", b"x")]))
    write("zip/nul-name.pt", archive([good, entry("archive/data/0\0.txt", b"x")]))
    write("zip/local-name.pt", archive([good, entry("archive/data/0", b"x" * 8, local_name="archive/data/9")]))
    write("zip/size-beyond.pt", archive([good, entry("archive/data/0", b"x", size=0xFFFFFFF0, compressed=0xFFFFFFF0)]))
    write("zip/size-differs.pt", archive([good, entry("archive/data/0", b"x" * 8, size=4)]))
    write("zip/offset-beyond.pt", archive([good, storage], offsets={1: 0x7FFFFFFF}))
    write("zip/entry-count.pt", archive([good], count=65534))
    write("zip/directory-beyond.pt", archive([good], offset=0x7FFFFFFF))
    write("zip/directory-gap.pt", archive([good], gap=b"\0" * 10))
    write("zip/several-disks.pt", archive([good], disk=1))
    write("zip/encrypted.pt", archive([good, entry("archive/data/0", b"x" * 8, flags=1)]))
    write("zip/method.pt", archive([good, entry("archive/data/0", b"x" * 8, method=12)]))
    write("zip/no-pickle.pt", archive([storage]))
    write("zip/no-end.pt", archive([good])[:-1])
    bomb = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = bomb.compress(bytes(1 << 24)) + bomb.flush()
    write("zip/bomb-claim.pt", archive([entry("archive/data.pkl", packed[:64], method=8, size=0x70000000)]))
    write("zip/bomb-size.pt", archive([entry("archive/data.pkl", packed, method=8, size=1 << 20)]))
    write("zip/deflate-damaged.pt", archive([entry("archive/data.pkl", b"\xff" * 40, method=8, size=400)]))
    record = struct.pack("<IQHHIIQQQQ", 0x06064B50, 44, 45, 45, 0, 0, 1 << 62, 1 << 62, 1 << 63, 1 << 63)
    locator = struct.pack("<IIQI", 0x07064B50, 0, 0x7FFFFFFFFFFFFFFF, 1)
    write("zip/zip64-locator.pt", archive([good], zip64=record + locator))
    body = archive([good])[:-22]
    locator = struct.pack("<IIQI", 0x07064B50, 0, len(body), 1)
    write("zip/zip64-counts.pt", archive([good], zip64=record + locator))


# --- pickle ------------------------------------------------------------------------------------------------------

P2 = b"\x80\x02"


def wrap(pickled, *storages):
    """A zip archive as torch writes it, around any pickle."""
    entries = [entry("archive/data.pkl", pickled), entry("archive/byteorder", b"little")]
    entries += [entry(f"archive/data/{i}", data) for i, data in enumerate(storages)]
    return archive(entries)


def text(value):
    data = value.encode()
    return b"X" + struct.pack("<I", len(data)) + data


def integer(value):
    if 0 <= value < 256:
        return b"K" + bytes([value])
    return pickle.dumps(value, protocol=2)[2:-1]


def tuple_of(*items):
    return b"(" + b"".join(items) + b"t"


def tensor(shape, stride, offset=0, numel=4, key="0", kind="FloatStorage"):
    storage = tuple_of(text("storage"), f"ctorch\n{kind}\n".encode(), text(key), text("cpu"), integer(numel)) + b"Q"
    arguments = tuple_of(storage, integer(offset), tuple_of(*map(integer, shape)), tuple_of(*map(integer, stride)),
                         b"\x89", b"ccollections\nOrderedDict\n)R")
    return b"ctorch._utils\n_rebuild_tensor_v2\n" + arguments + b"R"


def state(**tensors):
    return P2 + b"}(" + b"".join(text(k) + v for k, v in tensors.items()) + b"u."


def pickles():
    write("pickle/nested-tuples.pkl", P2 + b"N" + b"\x85" * 20000 + b".")
    write("pickle/nested-lists.pkl", P2 + b"]" * 5000 + b"a" * 4999 + b".")
    write("pickle/nested-marks.pkl", P2 + b"(" * 20000 + b".")
    write("pickle/self-cycle.pkl", P2 + b"]q\x00h\x00a.")
    write("pickle/mutual-cycle.pkl", P2 + b"}q\x00(" + text("a") + b"}q\x01(" + text("b") + b"h\x00u" + text("c")
          + b"h\x01u.")
    laughs = P2 + b"]q\x00"
    for level in range(1, 120):
        laughs += b"]r" + struct.pack("<I", level) + b"(" + (b"j" + struct.pack("<I", level - 1)) * 10 + b"e"
    write("pickle/billion-laughs.pkl", laughs + b".")
    write("pickle/long-string.pkl", P2 + b"X\xff\xff\xff\xff" + b"abc.")
    write("pickle/long-string-8.pkl", b"\x80\x04\x8d" + struct.pack("<Q", 1 << 62) + b"abc.")
    write("pickle/long-bytes-8.pkl", b"\x80\x05\x96" + struct.pack("<Q", (1 << 64) - 1) + b"abc.")
    write("pickle/long-integer.pkl", P2 + b"\x8b\xff\xff\xff\x7f" + b"1.")
    write("pickle/frame-beyond.pkl", b"\x80\x04\x95" + struct.pack("<Q", 1 << 60) + b"N.")
    # Frames that cut an opcode: Python's readers go on at different bytes, one of them at a call.
    call = b"cos\nsystem\nVtrue\n\x85R"
    write("pickle/frame-cut.pkl", b"\x80\x04(\x95" + struct.pack("<Q", 2) + b"B" + struct.pack("<I", len(call) + 40)
          + call + b"N" * 40 + b"1N.")
    write("pickle/frame-cut-line.pkl", b"\x80\x04\x95" + struct.pack("<Q", 3) + b"Vaa\n.")
    write("pickle/frame-in-frame.pkl", b"\x80\x04\x95" + struct.pack("<Q", 12) + b"N\x95" + struct.pack("<Q", 2) + b"0N.")
    write("pickle/behind-the-end.pkl", P2 + b"N." + call + b".")
    write("pickle/frame-whole.pkl", b"\x80\x04" + text("a large one, outside of any frame") + b"0\x95"
          + struct.pack("<Q", 3) + b"N0N" + b"\x95" + struct.pack("<Q", 2) + b"0N" + b".")
    write("pickle/memo-missing.pkl", P2 + b"j\xff\xff\xff\xff.")
    write("pickle/memo-sparse.pkl", P2 + b"N" + b"".join(
        b"r" + struct.pack("<I", 0xFFFFFFFF - i) for i in range(5000)) + b".")
    write("pickle/stack-underflow.pkl", P2 + b"R.")
    write("pickle/mark-missing.pkl", P2 + b"e.")
    write("pickle/pop-past-mark.pkl", P2 + b"N(0000.")
    write("pickle/append-to-number.pkl", P2 + b"K\x01K\x02a.")
    write("pickle/odd-entries.pkl", P2 + b"}(K\x01K\x02K\x03u.")
    write("pickle/unknown-opcode.pkl", P2 + b"\xff.")
    write("pickle/unknown-protocol.pkl", b"\x80\x09N.")
    write("pickle/no-stop.pkl", P2 + b"NNNN")
    write("pickle/stop-alone.pkl", P2 + b".")
    write("pickle/out-of-band.pkl", b"\x80\x05\x97.")
    copies = P2 + b"cbuiltins\nset\nq\x000]q\x01(" + b"N" * 5000 + b"e0"
    write("pickle/copies.pkl", copies + b"h\x00h\x01\x85R0" * 6000 + b"N.")
    encoded = P2 + text("x" * 50000) + b"q\x010c_codecs\nencode\nq\x000" + text("latin1") + b"q\x020"
    write("pickle/encoded-copies.pkl", encoded + b"h\x00h\x01h\x02\x86R0" * 8000 + b"N.")
    # Names that a list of forbidden ones would miss: by stack, by extension code, by the oldest opcodes.
    write("pickle/call-reduce.pkl", P2 + b"cos\nsystem\n" + text("true") + b"\x85R.")
    write("pickle/call-stack-global.pkl", b"\x80\x04\x8c\x02os\x8c\x06system\x93" + text("true") + b"\x85R.")
    write("pickle/call-instance.pkl", P2 + b"(S'true'\nios\nsystem\n.")
    write("pickle/call-object.pkl", P2 + b"(cos\nsystem\nS'true'\no.")
    write("pickle/call-extension.pkl", P2 + b"\x82\x01)R.")
    write("pickle/call-protocol-0.pkl", b"cos\nsystem\n(S'true'\ntR.")
    write("pickle/call-getattr.pkl", P2 + b"cbuiltins\ngetattr\n" + tuple_of(b"cos\npath\n", text("join")) + b"R.")
    # As FSDP 1 names a class within a class; then the same function from the memo, or as a value to be called.
    nested = tuple_of(b"ctorch.distributed._shard.sharded_tensor.api\nShardedTensor\n", text("ProcessGroupState")) + b"R"
    write("pickle/nested-class.pkl", P2 + b"c__builtin__\ngetattr\nq\x00" + nested + b"0h\x00" + nested + b".")
    write("pickle/call-getattr-memo.pkl", P2 + b"cbuiltins\ngetattr\nq\x00" + nested + b"0h\x00"
          + tuple_of(b"cos\npath\n", text("join")) + b"R.")
    write("pickle/call-getattr-value.pkl", P2 + b"cbuiltins\ngetattr\n2" + nested + b"0" + tuple_of() + b"R.")
    write("pickle/call-hidden.pkl", P2 + b"cos\nsystem\n" + text("true") + b"\x85R0}.")


def tensors():
    floats = bytes(16)
    write("tensor/outside.pt", wrap(state(a=tensor((5,), (1,))), floats))
    write("tensor/offset-outside.pt", wrap(state(a=tensor((2,), (1,), offset=3)), floats))
    write("tensor/storage-short.pt", wrap(state(a=tensor((2,), (1,), numel=400)), floats))
    write("tensor/storage-missing.pt", wrap(state(a=tensor((2,), (1,), key="7")), floats))
    write("tensor/storage-key-escapes.pt", wrap(state(a=tensor((2,), (1,), key="../byteorder")), floats))
    write("tensor/overflow-shape.pt", wrap(state(a=tensor((1 << 40, 1 << 40), (0, 0))), floats))
    write("tensor/overflow-stride.pt", wrap(state(a=tensor((3,), ((1 << 62),))), floats))
    write("tensor/overflow-offset.pt", wrap(state(a=tensor((1,), (1,), offset=(1 << 62))), floats))
    write("tensor/overflow-numel.pt", wrap(state(a=tensor((1,), (1,), numel=(1 << 62))), floats))
    write("tensor/huge-integer.pt", wrap(state(a=tensor((1 << 70,), (1,))), floats))
    write("tensor/folded.pt", wrap(state(a=tensor((1 << 34,), (0,))), floats))
    write("tensor/sliding.pt", wrap(state(a=tensor((2, 1 << 33), (1, 0))), floats))
    write("tensor/negative-stride.pt", wrap(state(a=tensor((2,), (-1,), offset=1)), floats))
    write("tensor/negative-extent.pt", wrap(state(a=tensor((-2,), (1,))), floats))
    write("tensor/negative-offset.pt", wrap(state(a=tensor((2,), (1,), offset=-1)), floats))
    write("tensor/axes.pt", wrap(state(a=tensor((1,) * 5000, (1,) * 5000)), floats))
    write("tensor/stride-count.pt", wrap(state(a=tensor((2, 2), (1,))), floats))
    write("tensor/element-type.pt", wrap(state(a=tensor((2,), (1,), kind="StrangeStorage")), floats))
    write("tensor/not-a-storage.pt", wrap(P2 + b"}(" + text("a") + b"ctorch._utils\n_rebuild_tensor_v2\n"
          + tuple_of(text("no"), integer(0), b")", b")", b"\x89", b"N") + b"Ru.", floats))
    write("tensor/big-endian.pt", archive([
        entry("archive/data.pkl", state(a=tensor((2,), (1,)))), entry("archive/byteorder", b"big"),
        entry("archive/data/0", floats)]))
    # One tensor under a million names: ten lists of ten lists … of it.
    nest = P2 + tensor((2,), (1,)) + b"q\x000"
    nest += b"]q\x01(" + b"h\x00" * 10 + b"e0"
    for level in range(2, 12):
        nest += b"]q" + bytes([level]) + b"(" + (b"h" + bytes([level - 1])) * 10 + b"e0"
    write("tensor/million-names.pt", wrap(nest + b"h\x0b.", floats))
    # Names whose lengths add up: one long key in a dictionary within itself, level by level.
    key = text("k" * 60000) + b"q\x010"
    deep = P2 + key + tensor((2,), (1,)) + b"q\x020" + b"h\x02"
    for _ in range(90):
        deep = deep + b"q\x030}(h\x01h\x03u"
    write("tensor/long-names.pt", wrap(deep + b".", floats))


# --- legacy ------------------------------------------------------------------------------------------------------

MAGIC = pickle.dumps(0x1950A86A20F9469CFC6C, protocol=2)
PROTOCOL = pickle.dumps(1001, protocol=2)
SYSTEM = pickle.dumps({"little_endian": True}, protocol=2)


def legacy():
    head = MAGIC + PROTOCOL + SYSTEM
    write("stream/protocol.pt", MAGIC + pickle.dumps(1002, protocol=2) + SYSTEM)
    write("stream/big-endian.pt", MAGIC + PROTOCOL + pickle.dumps({"little_endian": False}, protocol=2))
    write("stream/cut.pt", head)
    storage = tuple_of(text("storage"), b"ctorch\nFloatStorage\n", text("0"), text("cpu"), integer(4), b"N") + b"Q"
    arguments = tuple_of(storage, integer(0), tuple_of(integer(4)), tuple_of(integer(1)), b"\x89", b"N")
    value = P2 + b"}(" + text("a") + b"ctorch._utils\n_rebuild_tensor_v2\n" + arguments + b"Ru."
    keys = pickle.dumps(["0"], protocol=2)
    write("stream/size-beyond.pt", head + value + keys + struct.pack("<q", 1 << 60) + bytes(16))
    write("stream/size-negative.pt", head + value + keys + struct.pack("<q", -4) + bytes(16))
    write("stream/duplicate.pt", head + value + pickle.dumps(["0", "0"], protocol=2)
          + (struct.pack("<q", 4) + bytes(16)) * 2)
    write("stream/unknown-key.pt", head + value + pickle.dumps(["5"], protocol=2) + struct.pack("<q", 4) + bytes(16))

    def member(name, data, size=None):
        header = bytearray(512)
        header[:len(name)] = name.encode()
        header[124:136] = f"{len(data) if size is None else size:011o}\0".encode()
        header[156] = 0x30
        header[257:263] = b"ustar\0"
        return bytes(header) + data + bytes(-len(data) % 512)

    write("tar/no-members.pt", member("other", b"x") + bytes(1024))
    write("tar/escape.pt", member("../storages", b"x") + bytes(1024))
    write("tar/size-beyond.pt", member("storages", b"x", size=1 << 32))
    write("tar/duplicate.pt", member("storages", b"x") * 2 + bytes(1024))
    storages = pickle.dumps(1 << 40, protocol=2)
    rest = member("tensors", pickle.dumps(0, protocol=2)) + member("pickle", pickle.dumps({}, protocol=2))
    write("tar/count.pt", member("storages", storages) + rest + bytes(1024))
    write("tar/axes.pt", member("storages", pickle.dumps(0, protocol=2) + pickle.dumps([], protocol=2))
          + member("tensors", pickle.dumps(1, protocol=2) + P2 + tuple_of(integer(1), integer(1),
                   b"ctorch\nFloatTensor\n") + b"." + struct.pack("<iI", 0x7FFFFFFF, 0))
          + member("pickle", pickle.dumps({}, protocol=2)) + bytes(1024))


# --- distributed -------------------------------------------------------------------------------------------------

def metadata(chunks, shape, places, dtype="float32"):
    module = "torch.distributed.checkpoint.metadata"

    def new(name, state_items, place=module):
        return (text(place) + text(name) + b"\x93)\x81}(" + b"".join(text(k) + v for k, v in state_items) + b"ub")

    def size(values):
        return text("torch") + text("Size") + b"\x93" + tuple_of(*map(integer, values)) + b"\x85R"

    properties = (text(module) + text("TensorProperties") + b"\x93)\x81"
                  + tuple_of(text("torch") + text(dtype) + b"\x93", b"N", b"\x89", b"N", b"\x89") + b"b")
    listed = b"](" + b"".join(new("ChunkStorageMetadata", [("offsets", size(o)), ("sizes", size(s))])
                              for o, s in chunks) + b"e"
    tensor_metadata = new("TensorStorageMetadata", [
        ("properties", properties), ("size", size(shape)), ("chunks", listed)])
    stored = b"}(" + b"".join(
        new("MetadataIndex", [("fqn", text("a")), ("offset", size(o)), ("index", integer(0))])
        + new("_StorageInfo", [("relative_path", text(p)), ("offset", integer(b)), ("length", integer(n))],
              "torch.distributed.checkpoint.filesystem")
        for o, p, b, n in places) + b"u"
    return b"\x80\x04" + new("Metadata", [
        ("state_dict_metadata", b"}(" + text("a") + tensor_metadata + b"u"), ("storage_data", stored)]) + b"."


def distributed():
    part = wrap(P2 + tensor((4,), (1,)) + b".", bytes(16))
    n = len(part)

    def folder(name, data):
        write(f"dcp/{name}/.metadata", data)
        write(f"dcp/{name}/__0_0.distcp", part)

    one = [((0,), (4,))]
    place = [((0,), "__0_0.distcp", 0, n)]
    folder("good", metadata(one, (4,), place))
    folder("hole", metadata(one, (8,), place))
    folder("overlap", metadata([((0,), (4,)), ((2,), (4,))], (8,), place))
    folder("outside", metadata([((6,), (4,))], (8,), place))
    folder("negative", metadata([((-1,), (4,))], (4,), place))
    folder("overflow", metadata([((0, 0), (1 << 62, 1 << 62))], (1 << 62, 1 << 62), place))
    folder("escape", metadata(one, (4,), [((0,), "../__0_0.distcp", 0, n)]))
    folder("place-missing", metadata(one, (4,), [((1,), "__0_0.distcp", 0, n)]))
    folder("place-beyond", metadata(one, (4,), [((0,), "__0_0.distcp", 0, 1 << 60)]))
    folder("place-overflow", metadata(one, (4,), [((0,), "__0_0.distcp", (1 << 63) - 1, (1 << 63) - 1)]))
    folder("file-missing", metadata(one, (4,), [((0,), "__9_0.distcp", 0, n)]))
    folder("shape-differs", metadata([((0,), (2,))], (2,), place))
    folder("type-differs", metadata(one, (4,), place, dtype="int32"))
    folder("element-type", metadata(one, (4,), place, dtype="strange"))
    many = [((4 * i,), (4,)) for i in range(300)]
    folder("folded", metadata(many, (1200,), [(o, "__0_0.distcp", 0, n) for o, _ in many]))
    folder("not-metadata", P2 + b"}.")


# --- DeepSpeed ---------------------------------------------------------------------------------------------------

def encoded(value):
    """Plain values as opcodes; bytes stand for themselves."""
    if isinstance(value, bytes):
        return value
    if isinstance(value, dict):
        return b"}(" + b"".join(encoded(k) + encoded(v) for k, v in value.items()) + b"u"
    if isinstance(value, list):
        return b"](" + b"".join(map(encoded, value)) + b"e"
    if isinstance(value, tuple):
        return tuple_of(*map(encoded, value))
    if isinstance(value, str):
        return text(value)
    return b"N" if value is None else integer(value)


def zero_ranks(name, information=None, shape=(2, 2), second=None, kind="FloatStorage", world=2, claimed=None):
    """Two tensor-parallel ranks of ZeRO-2, one process each, with one parameter of 2 × 2."""
    for rank in range(2):
        own = second if rank and second else shape
        count = 1
        for extent in own:
            count *= extent
        held = min(count, 64)
        model = {"module": {}, "buffer_names": [], "param_shapes": [{"p": own}], "dp_world_size": 1, "mp_world_size": world}
        if information is not None:
            model["universal_checkpoint_info"] = information
        write(f"zero/{name}/mp_rank_0{rank}_model_states.pt", wrap(P2 + encoded(model) + b"."))
        numbers = tensor((held,), (1,), numel=held, kind=kind if rank else "FloatStorage")
        state = {"zero_stage": 2, "partition_count": [1], "single_partition_of_fp32_groups": [numbers],
                 "base_optimizer_state": {"state": {}, "param_groups": claimed or [{"moe": 0}]}}
        size = 8 if rank and kind == "DoubleStorage" else 4
        write(f"zero/{name}/zero_pp_rank_0_mp_rank_0{rank}_optim_states.pt",
              wrap(P2 + encoded({"optimizer_state_dict": state}) + b".", bytes(size * held)))


def ranks():
    rows = {"parameter_with_row_parallelism_patterns": ["^p$"]}
    zero_ranks("good", rows)
    zero_ranks("types-differ", rows, kind="DoubleStorage")
    zero_ranks("shapes-differ", rows, second=(3, 2))
    zero_ranks("ranks-missing", rows, world=1 << 40)
    zero_ranks("elements-missing", rows, shape=(1 << 20, 1 << 20))
    zero_ranks("shape-overflows", rows, shape=(1 << 40, 1 << 40))
    fused = {"patterns": ["p"], "shape": [[2, 2], 2], "partition_dim": 0}
    zero_ranks("widths-negative", {"parameter_with_sub_params": [fused], "sub_param_shard_widths": {"p": [[-2, 4], [4, -2]]}})
    zero_ranks("widths-overflow", {"parameter_with_sub_params": [fused],
                                   "sub_param_shard_widths": {"p": [[1 << 62, 1 << 62], [1 << 62, 1 << 62]]}})
    zero_ranks("vocabulary-negative", {"vocabulary_parameter_patterns": ["^p$"], "original_vocab_size": -(1 << 40)})
    zero_ranks("patterns", {"parameter_with_row_parallelism_patterns": [".*" * 60 + f"x{i}$" for i in range(300)] + ["(a+)+$"]})


if __name__ == "__main__":
    shutil.rmtree(ROOT, ignore_errors=True)
    zips()
    pickles()
    tensors()
    legacy()
    distributed()
    ranks()
    files = [f for f in ROOT.rglob("*") if f.is_file()]
    print(f"{len(files)} files, {sum(f.stat().st_size for f in files)} bytes")
