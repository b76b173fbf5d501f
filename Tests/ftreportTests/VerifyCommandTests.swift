import FileSystem
import JSON
import TestSupport
import Testing

struct VerifyCommandTests {
  let ftreport: Command
  private let folder: TemporaryFolder
  private static let name = "events.out.tfevents.1795462844.vm.14841.1"
  /// A sound event file of six records.
  private static let small = Fixture.sampleRun("sft/runs/Nov23_19-39-41_vm/\(name)")

  init() throws {
    folder = try TemporaryFolder()
    ftreport = Command(folder: folder.path)
  }

  @Test func `Sound files are counted, with exit code 0`() throws {
    let outcome = try ftreport("verify", Fixture.sampleRun("sft"))
    #expect(outcome.status == 0)
    #expect(outcome.errors == "")
    let lines = outcome.output.split(separator: "\n")
    #expect(lines.count == 5)
    #expect(lines.first?.hasSuffix("events.out.tfevents.1795462781.vm.14841.0: 459 records") == true)
    #expect(lines.last == "4 files, 465 records, 84 tensors, 0 faults")
    #expect(try ftreport("verify", "--quiet", Fixture.sampleRun("sft")).output == "")
  }

  @Test func `A pickle that would run code is a fault, and runs none`() throws {
    let evil = Path.join(Fixture.package, "Tests/CheckpointTests/Fixtures/torch/evil.pt")
    let outcome = try ftreport("verify", evil)
    #expect(outcome.status == 1)
    #expect(outcome.output.contains("the pickle calls or builds posix.system, which no checkpoint needs"))
    #expect(outcome.output.hasSuffix("1 file, 1 tensor, 1 fault\n"))
    #expect(!outcome.output.contains("ftreport must never run this"))
    let values = try ftreport("verify", "--format", "json", evil).output.split(separator: "\n").map {
      try JSONValue(parsing: Array($0.utf8))
    }
    #expect(values.map { $0["fault_count"]?.int64 } == [1])
  }

  @Test func `A changed byte is told at the offset of its record, with exit code 1`() throws {
    var bytes = try Files.read(Self.small)
    let first = 12 + Int(bytes[0]) + 4  // The framing of the first, short record.
    bytes[first + 12] ^= 1
    try folder.write(Self.name, bytes)
    let outcome = try ftreport("verify", ".")
    #expect(outcome.status == 1)
    #expect(
      outcome.output.contains("\n./\(Self.name): \(first): the checksum of a record's payload does not fit"))
    #expect(outcome.output.hasSuffix("1 file, 5 records, 1 fault\n"))
    #expect(try ftreport("verify", "--quiet", ".").output == outcome.output)
  }

  @Test func `A file that ends within a record may be growing, and is no fault`() throws {
    let bytes = try Files.read(Self.small)
    try folder.write(Self.name, Array(bytes.dropLast(3)))
    let outcome = try ftreport("verify", Self.name)
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("incomplete so far: the record lacks 3 bytes"))
    #expect(outcome.output.hasSuffix("1 file, 5 records, 0 faults\n"))
  }

  @Test func `An object a file, for other programs`() throws {
    var bytes = try Files.read(Self.small)
    bytes[8] ^= 0x80
    try folder.write("a/\(Self.name)", bytes)
    let outcome = try ftreport("verify", "--format", "json", "a", Self.small)
    #expect(outcome.status == 1)
    let values = try outcome.output.split(separator: "\n").map { try JSONValue(parsing: Array($0.utf8)) }
    #expect(values.map { $0["records"]?.int64 } == [0, 6])
    #expect(values.map { $0["fault_count"]?.int64 } == [1, 0])
    #expect(values.first?["faults"]?.array?.first?["offset"]?.int64 == 0)
  }

  @Test func `What cannot be read sets exit code 3, whatever else is found`() throws {
    try Files.makeDirectory(folder.file("empty"))
    let outcome = try ftreport("verify", Self.small, "missing", "empty")
    #expect(outcome.status == 3)
    #expect(
      outcome.errors == """
        missing: no such file or folder
        empty: no event file here or below (their names contain "tfevents"), and no file of a checkpoint

        """)
    #expect(outcome.output.hasSuffix("1 file, 6 records, 0 faults, 2 unreadable\n"))
  }

  @Test(
    .enabled(if: Files.kind(of: "/proc/self/mem") != nil, "a file that fails when it is read: Linux only"))
  func `A file that fails while it is read sets exit code 3`() throws {
    try Files.link(folder.file("events.out.tfevents.1.x"), to: "/proc/self/mem")
    let outcome = try ftreport("verify", ".")
    #expect(outcome.status == 3)
    #expect(outcome.output.contains("./events.out.tfevents.1.x: 0: cannot read: "))
  }

  @Test func `Output that cannot be written is told`() throws {
    guard Files.kind(of: "/dev/full") != nil else { return }  // Linux only
    let outcome = try ftreport.shell("$ftreport verify \(Self.small) >/dev/full")
    #expect(outcome.status == 2)
    #expect(outcome.errors == "standard output: cannot write: No space left on device\n")
  }

  @Test func `A page of it names the files and their faults`() throws {
    var bytes = try Files.read(Self.small)
    bytes[8] ^= 0x80
    try folder.write("a/\(Self.name)", bytes)
    let page = try ftreport("verify", "--format", "md", "a").output
    #expect(page.hasPrefix("# Verification\n\n**1 file, 0 records, 1 fault**.\n"))
    #expect(page.contains("## `a/\(Self.name)`\n\n- byte 0: the checksum of a record's length does not fit"))
    #expect(try ftreport("verify", "--format", "html", "a").output.contains("<h1>Verification</h1>"))
  }

  @Test func `A record longer than the limit is passed over and told, and the limit can be moved`() throws {
    let outcome = try ftreport("verify", "--largest-record", "40", Self.small)
    #expect(outcome.status == 1)
    #expect(outcome.output.contains("bytes was passed over: longer than 40 are not read"))
    #expect(
      try ftreport("--largest-record=40", "--format", "json", Self.small).output.contains("passed over"))
    for size in ["1000000", "4K", "41M", "2G"] {
      #expect(try ftreport("verify", "--largest-record", size, Self.small).status == 0, "\(size)")
    }
    for size in ["", "0", "-1", "3G", "1T", "K", "x", "99999999999999999999"] {
      let outcome = try ftreport("verify", Self.small, "--largest-record", size)
      #expect(outcome.status == 2, "\(size)")
      #expect(
        outcome.errors.hasPrefix("--largest-record takes a number of bytes up to 2147483647"), "\(size)")
    }
  }
}
