import EventFile
import Process

/// The most bytes of a record of an event file that are taken into memory, as `--largest-record` asks for it of any verb.
enum LongestRecord {
  private static let variable = "FTREPORT_LARGEST_RECORD"
  /// A message of protocol buffers is shorter than 2 GiB.
  private static let most = 1 << 31 - 1

  /// What holds for this process.
  static let current = Environment[variable].flatMap(bytes) ?? EventFileContents.usualLongestRecord

  /// Lets `size` hold for this process.
  static func set(_ size: String) throws(Failure) {
    guard bytes(size) != nil else {
      throw Failure(
        status: .usage,
        message: "--largest-record takes a number of bytes up to \(most), or such as 256M, not '\(size)'")
    }
    Environment.set(variable, size)
  }

  /// The bytes that `size` says: 1000000, 64K, 256M, 1G, by powers of two.
  private static func bytes(_ size: String) -> Int? {
    let units: [Character: Int] = ["K": 10, "M": 20, "G": 30]
    let shift = size.last.flatMap { units[$0] }
    guard let count = Int(shift == nil ? size : String(size.dropLast())), count > 0 else { return nil }
    let (bytes, overflow) = count.multipliedReportingOverflow(by: 1 << (shift ?? 0))
    // The greatest unit fits in once more: 2G stands for all that there can be.
    return overflow || bytes > most + 1 ? nil : min(bytes, most)
  }
}
