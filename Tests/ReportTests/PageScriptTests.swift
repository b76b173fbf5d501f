import Bytes
import EventFile
import RunFolder
import TestSupport
import Testing

@testable import Report

@Suite struct PageScriptTests {
  @Test func `the script of a page was made from the file beside it, and is small`() throws {
    let path = Path.join(Fixture.package, "Sources/Report/Writers/HTML/page.js")
    #expect(SHA256.base64(SHA256.digest(try Files.read(path))) == PageScript.sourceHash)
    #expect(PageScript.text.utf8.count < 15_000)
  }

  @Test func `SHA-256 is that of FIPS 180-4`() {
    let abc = SHA256.digest(Array("abc".utf8))
    #expect(abc.prefix(4) == [0xba, 0x78, 0x16, 0xbf] && abc.suffix(4) == [0xf2, 0x00, 0x15, 0xad])
    #expect(
      SHA256.base64(Array("foob".utf8)) == "Zm9vYg==" && SHA256.base64(Array("foobar".utf8)) == "Zm9vYmFy")
  }

  @Test func `the policy of a page allows its own script alone`() {
    let page = RunReport(Analyses.complete).html
    let hash = SHA256.base64(SHA256.digest(Array(PageScript.text.utf8)))
    #expect(
      page.contains("script-src 'sha256-\(hash)';") && page.contains("<script>\(PageScript.text)</script>"))
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
