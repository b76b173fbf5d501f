import FileSystem
import JSON
import TestSupport
import Testing

/// `-o` and `--format` of the verbs that are not `report`: the same folder, and the same words.
struct ReportFolderVerbsTests {
  private let folder: TemporaryFolder
  private let ftreport: Command
  private let good = Fixture.sampleRun("sft")

  init() throws {
    folder = try TemporaryFolder()
    ftreport = Command(folder: folder.path)
  }

  /// Whether a folder holds a page in both forms and its figures, and nothing else but `others`.
  private func isWhole(
    _ name: String, heading: String, figures: String = "report.json", others: [String] = []
  ) throws -> Bool {
    let path = folder.file("out/\(name).report")
    let names = try Files.names(in: path).filter { $0 != ".ftreport" }.sorted()
    let markdown = String(decoding: try Files.read(path + "/report.md"), as: UTF8.self)
    let html = String(decoding: try Files.read(path + "/report.html"), as: UTF8.self)
    // A verification has an object a line.
    let text = try Files.read(path + "/" + figures)
    let json = try JSONValue(
      parsing: figures.hasSuffix(".json") ? text : Array(text.prefix { $0 != UInt8(ascii: "\n") }))
    #expect(names == (["report.html", figures, "report.md"] + others).sorted())
    return markdown.contains(heading) && html.hasPrefix("<!doctype html>")
      && json["schema"]?["name"]?.string?.hasPrefix("ftreport.") == true
  }

  @Test func `a gate writes a folder with its pictures, and says where`() throws {
    #expect(try ftreport("init", good).status == 0)
    let worse = Fixture.sampleRun("sft_lr1e-4")
    let outcome = try ftreport("gate", worse, "--baseline", good, "-o", "out")
    #expect(outcome.status == 1 && outcome.output.hasPrefix("FAIL"))
    #expect(outcome.output.contains("out/sft_lr1e-4-gate.report/report.md"), "\(outcome.output)")
    let names = try Files.names(in: folder.file("out/sft_lr1e-4-gate.report")).filter {
      $0.hasSuffix(".svg")
    }
    #expect(!names.isEmpty)
    #expect(try isWhole("sft_lr1e-4-gate", heading: "ftreport gate: 2 of", others: names))
    let page = try Files.read(folder.file("out/sft_lr1e-4-gate.report/report.md"))
    for name in names { #expect(String(decoding: page, as: UTF8.self).contains("(\(name))")) }
    // Without a word on standard output, and again over the old one.
    let quiet = try ftreport("gate", good, "-o", "out", "--quiet")
    #expect(quiet.status == 0 && quiet.output == "")
    #expect(try ftreport("gate", good, "-o", "out").status == 0)
    #expect(try ftreport("gate", good, "-o", "out", "--self-test").status == 2)
  }

  @Test func `a listing and a verification are written beside the report of the run, not over it`() throws {
    let save = Fixture.sampleRun("sft") + "/checkpoint-1000"
    let listed = try ftreport("inspect", "-o", "out", save)
    #expect(listed.status == 0 && listed.output.contains("out/checkpoint-1000-inspect.report/report.md"))
    #expect(try isWhole("checkpoint-1000-inspect", heading: "# Checkpoint"))
    #expect(try ftreport("inspect", "--spectrum", "-o", "out", save).status == 0)
    #expect(try isWhole("checkpoint-1000-spectrum", heading: "checkpoint-1000"))
    let verified = try ftreport("verify", "-o", "out", good)
    #expect(verified.status == 0 && verified.output.contains("out/sft-verify.report/report.md"))
    #expect(try isWhole("sft-verify", heading: "# Verification", figures: "report.ndjson"))
    #expect(try ftreport("verify", "-o", "out", good, save).status == 0)
    #expect(try isWhole("verify", heading: "# Verification", figures: "report.ndjson"))
    #expect(try ftreport("verify", "-o", "out", "--format", "md", good).status == 2)
    #expect(try ftreport("inspect", "-o", "out", "--format", "md", save).status == 2)
    #expect(try ftreport("inspect", "--to-rank", "2", save).errors.contains("--to-rank wants -o"))
  }

  @Test func `every verb knows the same words for a form, and says which it has`() throws {
    let save = good + "/checkpoint-1000"
    #expect(try ftreport("init", good).status == 0)
    for arguments in [
      [good], ["compare", good, good], ["gate", good], ["inspect", save], ["verify", good],
    ] {
      let text = try ftreport(arguments + ["--format", "text"])
      let term = try ftreport(arguments + ["--format", "term"])
      #expect(text.status == 0 && text.output == term.output, "\(arguments)")
      let odd = try ftreport(arguments + ["--format", "pdf"])
      #expect(odd.status == 2 && odd.errors.contains("md") && odd.errors.contains("json"), "\(arguments)")
    }
    for verb in [["inspect", save], ["verify", good]] {
      #expect(try ftreport(verb + ["--format", "svg"]).errors.contains("mimebundle"))
    }
    let merge = try ftreport("compare", "--merge", "--format", "svg", save, save)
    #expect(merge.status == 2 && merge.errors.contains("draws no picture"))
    let saves = try ftreport("compare", "--format", "svg", save, good + "/checkpoint-500")
    #expect(saves.status == 2 && saves.errors.contains("take md, html, term, json or mimebundle"))
  }

  @Test func `the pictures of folders and of comparisons are as wide as is wanted`() throws {
    let saves = Fixture.sample("saves")
    #expect(try ftreport(saves, "-o", "out", "--width", "1200", "--metric", "*").status == 0)
    for name in ["overview.svg", "runs.svg", "tiny-random-qwen3-lora-sft/loss.svg"] {
      let text = String(decoding: try Files.read(folder.file("out/saves.report/\(name)")), as: UTF8.self)
      #expect(text.contains("width=\"1200\""), "\(name)")
    }
    let other = Fixture.sampleRun("sft_lr1e-4")
    let picture = try ftreport("compare", "--format", "svg", "--width", "640", "--ymax", "9", good, other)
    #expect(picture.status == 0 && picture.output.contains("width=\"640\""))
    #expect(try ftreport("compare", "--width", "10", good, other).status == 2)
  }
}
