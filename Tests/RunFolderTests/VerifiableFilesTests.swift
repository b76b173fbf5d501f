import Checkpoint
import TestSupport
import Testing

@testable import RunFolder

struct VerifiableFilesTests {
  /// A pickle of protocol 0 that would call `os.system`, without a mark at its start.
  private static let bare = Array("cposix\nsystem\n(S'echo'\ntR.".utf8)

  /// The names of what is found in `folder`, from there.
  private func found(_ folder: TemporaryFolder) -> [String] {
    VerifiableFiles(at: folder.path).checkpoints.map { String($0.dropFirst(folder.path.count + 1)) }
  }

  @Test(arguments: [
    "model.pickle", "pytorch_model.bin", "weights.bin", "model.pkl", "a.joblib", "a.npy", "a.npz", "a.zip",
    "x.dat",
    "README", "args.json", "model.PT", ".hidden",
  ])
  func `a pickle that would call something is found in a folder and by itself, whatever its name`(
    _ name: String
  ) throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("deep/er/\(name)", Self.bare)
    #expect(found(folder) == ["deep/er/\(name)"])
    #expect(VerifiableFiles(at: path).checkpoints == [path])
    let faults = try CheckpointVerification(path: path).faults.map(\.text)
    #expect(
      faults.contains("the pickle calls or builds posix.system, which no checkpoint needs"), "\(faults)")
  }

  @Test func `one that ends in disorder behind its call counts too`() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("weights.bin", Self.bare.dropLast() + [0xff, 0xff])
    #expect(found(folder) == ["weights.bin"])
    #expect(try CheckpointVerification(path: path).faults.count == 2)
  }

  @Test func `files of other kinds are left out under every name that leaves it open`() throws {
    let folder = try TemporaryFolder()
    for name in ["tokenizer.bin", "notes.txt", "config.json", "a.dat", "vocab.zip"] {
      let path = try folder.write(name, "cat\ndog\nno pickle at all, and no archive\n")
      #expect(VerifiableFiles(at: path).checkpoints == [])
    }
    #expect(found(folder) == [])
    #expect(
      VerifiableFiles(at: folder.file("tokenizer.bin")).problems == [
        "\(folder.file("tokenizer.bin")): neither an event file nor a file of a checkpoint, by its first bytes"
      ])
    try folder.write("model.safetensors", "broken")
    try folder.write("optimizer.pt", "broken")
    #expect(found(folder) == ["model.safetensors", "optimizer.pt"])
  }
}
