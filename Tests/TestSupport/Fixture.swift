import FileSystem
import Process

/// Where the tests find their files.
public enum Fixture {
  /// The folder of the package.
  public static let package = Path.parent(of: Path.parent(of: Path.parent(of: #filePath)))

  /// `samples/`, with the given path below it.
  public static func sample(_ path: String) -> String { Path.join(package, "samples/" + path) }

  /// The LLaMA-Factory output folder of this name among the samples: `sft`, `sft_lr1e-4`, `sft_resumed`, …
  public static func sampleRun(_ name: String) -> String {
    sample("saves/tiny-random-qwen3/lora/" + name)
  }

  /// A folder of further test data beside the package (or where `FTREPORT_SHARED` says), which most machines lack;
  /// tests that want it skip without it.
  public static let shared: String? = {
    let path = Environment["FTREPORT_SHARED"] ?? Path.join(package, "../shared")
    return Files.kind(of: path) == .directory ? path : nil
  }()
}
