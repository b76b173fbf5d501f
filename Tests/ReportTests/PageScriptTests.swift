import EventFile
import FileSystem
import Media
import RunFolder
import TestSupport
import Testing

@testable import Report

@Suite struct PageScriptTests {
  /// The SHA-256 of `bytes` in Base64, as policies write it.
  private func hash(_ bytes: [UInt8]) -> String {
    let digits = Array(SHA256.digits(of: bytes))
    return Base64.text(
      stride(from: 0, to: digits.count, by: 2).compactMap { UInt8(String(digits[$0...$0 + 1]), radix: 16) })
  }

  @Test func `the script of a page was made from the file beside it, and is small`() throws {
    let path = Path.join(Fixture.package, "Sources/Report/Writers/HTML/page.js")
    let source = try Files.read(path)
    #expect(hash(source) == PageScript.sourceHash)
    #expect(PageScript.text.utf8.count < 12_000)
  }

  @Test func `the policy of a page allows its own script alone`() {
    let page = RunReport(Analyses.complete).html
    let digest = hash(Array(PageScript.text.utf8))
    #expect(
      page.contains("script-src 'sha256-\(digest)';") && page.contains("<script>\(PageScript.text)</script>"))
    // One script that runs, and numbers in elements that do not.
    #expect(
      page.split(separator: "<script").count == 3 && page.contains("<script type=\"application/json\">"))
    #expect(!page.contains(" onclick=") && !page.contains("javascript:"))
  }

  @Test func `a page within another page has no script, no numbers for it and no names that may clash`() {
    let fragment = HTMLWriter.fragment(RunReport(Analyses.complete).page(isIllustrated: true))
    #expect(!fragment.contains("<script") && !fragment.contains(" id=") && !fragment.contains("data-from"))
  }

  @Test func `a finding leads to its steps in the picture`() {
    let page = RunReport(Analyses.complete).html
    #expect(page.contains("<a class=\"place\" href=\"#loss\" data-from=\"810\" data-to=\"1000\">show</a>"))
    #expect(page.contains(#"<figure id="loss">"#))
  }

  @Test func `a redacted page keeps its script`() {
    var run = Runs.learning()
    run.eventFiles = [EventFileContents(path: "/home/range/a/events.out.tfevents.1704678206.redraw.4711.0")]
    let page = Redaction([run]).text(RunReport(Analyses.fixed(run)).html + " redraw")
    #expect(page.contains(PageScript.text) && page.hasSuffix(" host"))
  }
}
