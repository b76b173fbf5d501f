import Bytes
import JSON
import TestSupport
import Testing

struct InspectCommandTests {
  private let ftreport: Command
  private let folder: TemporaryFolder
  private static func fixture(_ name: String) -> String {
    Path.join(Fixture.package, "Tests/CheckpointTests/Fixtures/torch/" + name)
  }

  init() throws {
    folder = try TemporaryFolder()
    ftreport = Command(folder: folder.path)
  }

  @Test(arguments: ["everything.pt", "stream.pt", "zero2", "zero3", "dcp", "megatron", "fsdp_ranks", "hf"])
  func `Every format of torch's is listed`(_ name: String) throws {
    let outcome = try ftreport("inspect", "--format", "json", Self.fixture(name))
    #expect(outcome.status == 0)
    let json = try JSONValue(parsing: outcome.output)
    #expect(json["tensors"]?.array?.isEmpty == false)
    #expect(json["globals"]?.array?.isEmpty == false)
  }

  @Test func `A file that would run code is listed with a warning, and runs none`() throws {
    let outcome = try ftreport("inspect", Self.fixture("evil.pt"))
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("warning: the pickle names posix.system"))
    let values = try ftreport("inspect", "--values", Self.fixture("evil.pt"))
    #expect(values.output.contains("! posix.system"))
  }

  @Test func `A file without tensors shows its values`() throws {
    let outcome = try ftreport("inspect", Self.fixture("trainer/training_args.bin"))
    #expect(outcome.output.contains("learning_rate: 5e-05"))
  }

  @Test func `The optimizer's state is told`() throws {
    let outcome = try ftreport("inspect", "--optimizer", Self.fixture("zero3"))
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("optimizer state of 4 parameters, step 12"))
    #expect(try ftreport("inspect", "--optimizer", Self.fixture("dcp")).status == 3)
    #expect(try ftreport("inspect", "--optimizer", "--values", Self.fixture("dcp")).status == 2)
  }
}
