import FileSystem
import TestSupport
import Testing

@testable import Checkpoint

/// The files of scripts/make-attacks.py, each with the error that it must end in, in bounded time and memory.
struct AttackTests {
  static let folder = Path.join(Fixture.package, "Tests/CheckpointTests/Attacks")

  @Test(arguments: errors)
  func `an attack ends in its typed error`(_ attack: String, _ fault: String) throws {
    do {
      let checkpoint = try Checkpoint(opening: Path.join(Self.folder, attack))
      // What only the values show is found when they are read.
      for index in checkpoint.tensors.indices { try checkpoint.withBytes(ofTensorAt: index) { _ in } }
      Issue.record("\(attack) was read")
    } catch { #expect("\(error)".contains(fault), "\(error)") }
  }

  @Test(arguments: harmless)
  func `what only looks like an attack is read`(_ attack: String) throws {
    let checkpoint = try Checkpoint(opening: Path.join(Self.folder, attack))
    #expect(checkpoint.globals.filter { !$0.isKnown } == [])
  }

  @Test(arguments: calls)
  func `what would be called is named`(_ attack: String, _ names: [String]) throws {
    let checkpoint = try Checkpoint(opening: Path.join(Self.folder, attack))
    #expect(checkpoint.globals.filter { !$0.isKnown }.map(\.name) == names)
  }

  @Test func `no attack is left out`() throws {
    var found: Set<String> = []
    for kind in try Files.names(in: Self.folder) {
      for name in try Files.names(in: Path.join(Self.folder, kind)) { found.insert(kind + "/" + name) }
    }
    #expect(found == Set(Self.errors.map(\.0) + Self.harmless + Self.calls.map(\.0)))
  }

  static let harmless = [
    "dcp/good", "pickle/billion-laughs.pkl", "pickle/encoded-copies.pkl",
    "pickle/frame-whole.pkl", "pickle/memo-sparse.pkl",
    "pickle/mutual-cycle.pkl", "pickle/nested-class.pkl", "pickle/self-cycle.pkl", "zero/good",
    "zero/patterns", "zero/vocabulary-negative", "zero/widths-negative", "zero/widths-overflow",
  ]

  static let calls: [(String, [String])] = [
    ("pickle/call-extension.pkl", ["copyreg.extension.1"]),
    ("pickle/call-getattr.pkl", ["builtins.getattr", "os.path"]),
    ("pickle/call-getattr-memo.pkl", ["builtins.getattr", "os.path"]),
    ("pickle/call-getattr-value.pkl", ["builtins.getattr"]), ("pickle/call-hidden.pkl", ["os.system"]),
    ("pickle/call-instance.pkl", ["os.system"]), ("pickle/call-object.pkl", ["os.system"]),
    ("pickle/call-protocol-0.pkl", ["os.system"]), ("pickle/call-reduce.pkl", ["os.system"]),
    ("pickle/call-stack-global.pkl", ["os.system"]),
  ]

  static let errors: [(String, String)] = [
    ("dcp/element-type", "elements of unknown type torch.strange"), ("dcp/escape", "outside of the folder"),
    ("dcp/file-missing", "__9_0.distcp is missing"),
    ("dcp/folded", "the tensors have 4,800 bytes, the files that hold them"),
    ("dcp/hole", "the parts cover 4 of 8 elements"), ("dcp/negative", "reaches beyond the tensor"),
    ("dcp/not-metadata", "not the metadata of a distributed checkpoint"),
    ("dcp/outside", "reaches beyond the tensor"), ("dcp/overflow", "the extents overflow"),
    ("dcp/overlap", "two parts overlap"), ("dcp/place-beyond", "stands outside of __0_0.distcp"),
    ("dcp/place-missing", "no file holds its part at [0]"),
    ("dcp/place-overflow", "stands outside of __0_0.distcp"),
    ("dcp/shape-differs", "its part is F32 [4], the metadata says F32 [2]"),
    ("dcp/type-differs", "its part is F32 [4], the metadata says I32 [4]"),
    ("pickle/append-to-number.pkl", "cannot change an integer"),
    ("pickle/copies.pkl", "more than 16,777,216 values"),
    ("pickle/behind-the-end.pkl", "20 bytes stand behind the end of the pickle"),
    ("pickle/frame-cut-line.pkl", "ends within opcode unicode"),
    ("pickle/frame-cut.pkl", "ends within opcode binaryBytes"),
    ("pickle/frame-in-frame.pkl", "begins within another"),
    ("pickle/frame-beyond.pkl", "1152921504606846976 bytes, where 2 remain"),
    ("pickle/long-bytes-8.pkl", "18446744073709551615 bytes, where 4 remain"),
    ("pickle/long-integer.pkl", "2147483647 bytes, where 2 remain"),
    ("pickle/long-string-8.pkl", "4611686018427387904 bytes, where 4 remain"),
    ("pickle/long-string.pkl", "4294967295 bytes, where 4 remain"),
    ("pickle/mark-missing.pkl", "has no mark before it"),
    ("pickle/memo-missing.pkl", "nothing was stored as number 4294967295"),
    ("pickle/nested-lists.pkl", "more than 400 levels"),
    ("pickle/nested-marks.pkl", "more than 10,000 open marks"),
    ("pickle/nested-tuples.pkl", "more than 400 levels"), ("pickle/no-stop.pkl", "the pickle is cut"),
    ("pickle/odd-entries.pkl", "a key without a value"), ("pickle/out-of-band.pkl", "buffers from outside"),
    ("pickle/pop-past-mark.pkl", "takes a value that is not there"),
    ("pickle/stack-underflow.pkl", "takes a value that is not there"),
    ("pickle/stop-alone.pkl", "not a checkpoint file"),
    ("pickle/unknown-opcode.pkl", "0xff is no pickle opcode"),
    ("pickle/unknown-protocol.pkl", "not a checkpoint file"),
    ("stream/big-endian.pt", "byte order \"big\""), ("stream/cut.pt", "the pickle is cut"),
    ("stream/duplicate.pt", "storage \"0\" stands twice"),
    ("stream/protocol.pt", "torch's stream protocol is 1001, not 1002"),
    ("stream/size-beyond.pt", "storage \"0\" reaches beyond the file"),
    ("stream/size-negative.pt", "storage \"0\" reaches beyond the file"),
    ("stream/unknown-key.pt", "a storage that nothing refers to"),
    ("tar/axes.pt", "a tensor of the tar archive is broken"), ("tar/count.pt", "the pickle is cut"),
    ("tar/duplicate.pt", "tar member \"storages\" stands twice"),
    ("tar/escape.pt", "leads out of its folder"),
    ("tar/no-members.pt", "the tar archive has no \"storages\""),
    ("tar/size-beyond.pt", "tar member \"storages\" reaches beyond the file"),
    ("tensor/axes.pt", "5000 axes"),
    ("tensor/big-endian.pt", "byte order \"big\""),
    ("tensor/element-type.pt", "elements of unknown type torch.StrangeStorage"),
    ("tensor/folded.pt", "folds 17,179,869,184 elements out of the 4"),
    ("tensor/huge-integer.pt", "not made of a storage, an offset, a shape and strides"),
    ("tensor/long-names.pt", "names too long"), ("tensor/million-names.pt", "more than 10,000 tensors"),
    ("tensor/negative-extent.pt", "a negative extent, stride or offset"),
    ("tensor/negative-offset.pt", "a negative extent, stride or offset"),
    ("tensor/negative-stride.pt", "a negative extent, stride or offset"),
    ("tensor/not-a-storage.pt", "its storage is not named as torch names one"),
    ("tensor/offset-outside.pt", "reaches byte 20 of a storage of 16 bytes"),
    ("tensor/outside.pt", "reaches byte 20 of a storage of 16 bytes"),
    ("tensor/overflow-numel.pt", "overflow"), ("tensor/overflow-offset.pt", "overflow"),
    ("tensor/overflow-shape.pt", "overflow"), ("tensor/overflow-stride.pt", "overflow"),
    ("tensor/sliding.pt", "folds 17,179,869,184 elements out of the 4"),
    ("tensor/storage-key-escapes.pt", "which the file does not hold"),
    ("tensor/storage-missing.pt", "storage \"7\", which the file does not hold"),
    ("tensor/storage-short.pt", "has 16 bytes, the pickle says 1,600"),
    ("tensor/stride-count.pt", "2 extents, but 1 strides"),
    ("zero/elements-missing", "the ranks hold 64 elements of its group"),
    ("zero/ranks-missing", "the state of model-parallel ranks 2, 3, 4"),
    ("zero/shape-overflows", "param_shapes holds something else than shapes"),
    ("zero/shapes-differ", "its parts differ in more than one axis"),
    ("zero/types-differ", "its type differs between ranks"),
    ("zip/bomb-claim.pt", "unpacks to 1,879,048,192 bytes, above the limit"),
    ("zip/bomb-size.pt", "is damaged"), ("zip/deflate-damaged.pt", "is damaged"),
    ("zip/directory-beyond.pt", "does not end where the records after it begin"),
    ("zip/directory-gap.pt", "does not end where the records after it begin"),
    ("zip/duplicate-pickle.pt", "holds 2 data.pkl"),
    ("zip/duplicate.pt", "zip entry \"archive/data/0\" stands twice"), ("zip/encrypted.pt", "is encrypted"),
    ("zip/entry-count.pt", "says 65534 entries, its size allows 1"),
    ("zip/escape-backslash.pt", "leads out of its folder"),
    ("zip/escape-drive.pt", "leads out of its folder"),
    ("zip/escape-parent.pt", "leads out of its folder"), ("zip/escape-root.pt", "leads out of its folder"),
    ("zip/local-name.pt", "calls itself \"archive/data/9\""),
    ("zip/method.pt", "compressed by method 12"), ("zip/no-end.pt", "no end-of-central-directory record"),
    ("zip/no-pickle.pt", "holds no data.pkl"), ("zip/nul-name.pt", "leads out of its folder"),
    ("zip/offset-beyond.pt", "reaches outside of the archive"),
    ("zip/overlap.pt", "zip entries \"archive/data/0\" and \"archive/data/1\" overlap"),
    ("zip/same-place.pt", "calls itself \"archive/data.pkl\""),
    ("zip/several-disks.pt", "one part of several"), ("zip/size-beyond.pt", "reaches outside of the archive"),
    ("zip/size-differs.pt", "has another size than it says"),
    ("zip/zip64-counts.pt", "does not end where the records after it begin"),
    ("zip/zip64-locator.pt", "zip64 end record does not fit"),
  ]
}
