import Analysis
import EventFile
import FileSystem
import Media
import RunFolder
import TestSupport
import Testing

@testable import Report

/// The sections of what event files hold beside scalars.
struct ValueSectionTests {
  static let fixtures = Path.join(Fixture.package, "Tests/MediaTests/Fixtures")

  private func item(_ name: String, step: Int64 = 10, label: String? = nil) throws -> MediaSheet.Item {
    let bytes = try Files.read(Path.join(Self.fixtures, name))
    return .init(step: step, index: 0, header: MediaHeader(bytes), bytes: bytes, label: label)
  }

  private func histogram(_ middle: Double, _ width: Double) -> Histogram {
    let edges = (0...8).map { middle - width + width * Double($0) / 4 }
    return Histogram(
      lefts: Array(edges.dropLast()), rights: Array(edges.dropFirst()), counts: [1, 4, 9, 16, 16, 9, 4, 1])
  }

  private var values: RunValues {
    get throws {
      var values = RunValues()
      values.histograms = [
        HistogramCourse(tag: "layer/weight", count: 30) { add in
          for step in 0..<30 {
            add(Int64(step * 10), .histogram(histogram(Double(step) / 40, 1 + Double(step) / 60)))
          }
        },
        HistogramCourse(tag: "layer/bias", count: 3) { add in
          for step in 0..<3 { add(Int64(step * 10), .histogram(histogram(0, step == 0 ? 1 : 0.001))) }
        },
      ]
      values.images = [
        MediaSheet(
          tag: "samples", items: [try item("rgb.png"), try item("baseline.jpg", step: 20)], stepCount: 9,
          omittedCount: 1)
      ]
      values.sounds = [
        MediaSheet(tag: "voice", items: [try item("mono8.wav", label: "<b>hello</b>")], stepCount: 1)
      ]
      values.texts = [
        TextCourse(
          tag: "generation",
          texts: [
            .init(step: 10, grid: TextGrid(dimensions: [], strings: ["The cat sat on the mat."])),
            .init(step: 20, grid: TextGrid(dimensions: [], strings: ["The dog sat on the mat."])),
          ], stepCount: 5)
      ]
      let curve = try #require(
        PrecisionRecallCurve(rows: [
          [10, 8, 4, 0], [30, 6, 1, 0], [0, 24, 29, 30], [0, 2, 6, 10], [0.25, 8.0 / 14, 0.8, 0],
          [1, 0.8, 0.4, 0],
        ]))
      values.curves = [
        PrecisionRecallCourse(tag: "pr", curves: [.init(step: 10, curve: curve)], stepCount: 1)
      ]
      return values
    }
  }

  private var report: RunReport {
    get throws {
      let loss = Series(
        tag: "train/loss", steps: [1, 2, 3], wallTimes: [1, 2, 3], values: [3, 2, 1])
      let run = TrainingRun(name: "run", path: "run", metrics: [Metric(series: loss)])
      return RunReport(RunAnalysis(of: run), values: try values)
    }
  }

  @Test func `pictures of histograms and curves`() throws {
    let course = try values.histograms[0]
    try Golden.check("values/histogram.svg") { try #require(HistogramChart(course)).document.text }
    try Golden.check("values/pr.svg") { try #require(PrecisionRecallChart(values.curves[0])).document.text }
    let wave = try #require(WaveChart(try item("stereo16.wav"), of: "voice"))
    try Golden.check("values/wave.svg") { wave.document.text }
  }

  @Test func `the sections as Markdown`() throws {
    let page = Document(ValueSection(values: try values).blocks(isIllustrated: true))
    try Golden.check("values/values.md") { MarkdownWriter.text(page) }
  }

  @Test func `the folder has the media under their checksums, byte for byte`() throws {
    let files = try report.files
    for name in ["rgb.png", "baseline.jpg", "mono8.wav"] {
      let bytes = try Files.read(Path.join(Self.fixtures, name))
      let path = "media/\(SHA256.digits(of: bytes).prefix(20)).\(name.split(separator: ".")[1])"
      #expect(files.first { $0.path == path }?.bytes == bytes, "\(path)")
    }
    let page = try #require(files.first { $0.path == "report.md" }).text
    for file in files where file.path.hasPrefix("media/") { #expect(page.contains("](\(file.path))")) }
    #expect(files.contains { $0.path == "histogram-2.svg" } && files.contains { $0.path == "pr-1.svg" })
  }

  @Test func `one HTML file holds the media, and what a writer says of them does nothing`() throws {
    let html = try report.html
    let png = try Files.read(Path.join(Self.fixtures, "rgb.png"))
    #expect(html.contains("<img src=\"data:image/png;base64,\(Base64.text(png))\""))
    #expect(html.contains("<audio controls preload=\"none\" src=\"data:audio/wav;base64,"))
    #expect(html.contains("&lt;b&gt;hello&lt;/b&gt;") && !html.contains("<b>hello"))
    #expect(html.contains("media-src data:"))
  }

  @Test func `what is no picture is told and never in the page`() throws {
    var values = RunValues()
    let script = Array("<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>".utf8)
    var huge = try Files.read(Path.join(Self.fixtures, "rgb.png"))
    for start in [16, 20] { huge.replaceSubrange(start..<start + 4, with: [0, 1, 0x86, 0xa0]) }
    values.images = [
      MediaSheet(
        tag: "bad",
        items: [script, huge].map { .init(step: 1, index: 0, header: MediaHeader($0), bytes: $0) },
        stepCount: 1)
    ]
    let section = ValueSection(values: values)
    #expect(section.media.isEmpty)
    let html = HTMLWriter.text(Document(section.blocks(isIllustrated: true)), title: "t")
    #expect(!html.contains("<img") && !html.contains("alert"))
    #expect(html.contains("the file is not a picture or a sound but an SVG document, and is not shown."))
    #expect(html.contains("the file claims 100000 × 100000 pixels, and is not shown."))
  }

  @Test(arguments: ["", "f", "fo", "foo", "foob", "fooba", "foobar"])
  func `bytes as text, as RFC 4648 has them`(text: String) {
    let vectors = [
      "": "", "f": "Zg==", "fo": "Zm8=", "foo": "Zm9v", "foob": "Zm9vYg==", "fooba": "Zm9vYmE=",
      "foobar": "Zm9vYmFy",
    ]
    #expect(Base64.text(Array(text.utf8)) == vectors[text])
  }
}
