internal import FileSystem

/// The names by which runs are shown.
public enum RunName {
  /// Names of folders that say nothing about the run in them.
  private static let general: Set<String> = [
    "runs", "run", "logs", "log", "output", "outputs", "out", "results", "result", "tensorboard", "tb",
    "events",
    "train", "training", "checkpoints", "sft", "lora", "full", "freeze", "default",
  ]

  /// Whether the folder `name` says nothing, as Lightning's `version_3` does.
  private static func isGeneral(_ name: String) -> Bool {
    if general.contains(name) { return true }
    guard name.hasPrefix("version_") else { return false }
    let number = name.dropFirst("version_".count)
    return !number.isEmpty && number.allSatisfy(\.isNumber)
  }

  /// A name for what stands at `path`, from its own last components: `Jan08_02-43-26_ubun`, or
  /// `qwen3-4b/lora/sft` for LLaMA-Factory's `saves/qwen3-4b/lora/sft`.
  static func name(of path: String) -> String {
    // Only where the path itself says too little is the file system asked.
    var parts = components(path)
    if parts.isEmpty || parts.contains("..") || parts.allSatisfy(isGeneral) {
      parts = (try? Files.realPath(of: path)).map(components) ?? parts
    }
    if let last = parts.last, isTrainers(last) { return last }
    if let saves = parts.lastIndex(of: "saves"), saves + 1 < parts.count {
      return parts[(saves + 1)...].joined(separator: "/")
    }
    var start = parts.count - 1
    while start > 0, parts.count - start < 4, isGeneral(parts[start]) { start -= 1 }
    guard start >= 0 else { return path }
    return parts[start...].joined(separator: "/")
  }

  private static func components(_ path: String) -> [String] {
    path.split(separator: "/").filter { $0 != "." }.map(String.init)
  }

  /// Whether HF Trainer names its folder under `runs` like this: `Jan08_02-43-26_ubun`.
  public static func isTrainers(_ name: String) -> Bool {
    let bytes = Array(name.utf8)
    let pattern = Array("AaaDD_DD-DD-DD_".utf8)
    guard bytes.count > pattern.count else { return false }
    return zip(bytes, pattern).allSatisfy { byte, kind in
      switch kind {
      case UInt8(ascii: "A"): UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte
      case UInt8(ascii: "a"): UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte
      case UInt8(ascii: "D"): UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
      default: byte == kind
      }
    }
  }
}
