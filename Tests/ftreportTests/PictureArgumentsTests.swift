import TestSupport
import Testing

struct PictureArgumentsTests {
  private let folder: TemporaryFolder
  private let ftreport: Command

  init() throws {
    folder = try TemporaryFolder()
    ftreport = Command(folder: folder.path)
  }

  @Test func `A picture can be printed alone, as wide and over the range that is wanted`() throws {
    let run = Fixture.sampleRun("sft")
    let plain = try ftreport("--format", "svg", run)
    #expect(plain.status == 0 && plain.output.hasPrefix("<svg ") && plain.output.contains("width=\"800\""))
    let wide = try ftreport("--format", "svg", "--width", "1200", "--ymin", "4", "--ymax", "8", run).output
    #expect(wide.contains("width=\"1200\"") && wide.contains(">7.5<") && !plain.output.contains(">7.5<"))
    #expect(try ftreport("--width", "10", run).status == 2)
    #expect(try ftreport("--ymin", "3", "--ymax", "2", run).status == 2)
  }

  @Test func `PNG is made by a renderer that is there, or said to be missing`() throws {
    let run = Fixture.sampleRun("sft")
    var elsewhere = ftreport
    elsewhere.environment = ["PATH": folder.path]
    let missing = try elsewhere("--format", "png", run)
    #expect(missing.status == 2 && missing.errors.contains("rsvg-convert, which is not installed"))
    #expect(missing.output == "")
    // A renderer that answers with the file's name stands for the true one.
    try folder.write("rsvg-convert", "#!/bin/sh\nexec /bin/cat \"$5\"\n")
    _ = try ftreport.shell("chmod +x rsvg-convert")
    let drawn = try elsewhere("--format", "png", run)
    #expect(drawn.status == 0 && drawn.output.hasPrefix("<svg "), "\(drawn.errors)")
  }

  @Test func `Smoothing is the local trend, or what is asked for`() throws {
    let run = Fixture.sampleRun("sft")
    #expect(try ftreport("--format", "svg", run).output.contains(">local trend<"))
    let asked = try ftreport("--format", "svg", "--smoothing", "ema:0.9", run).output
    #expect(asked.contains(">exponential smoothing, weight 0.9<"))
    #expect(try ftreport("--format", "svg", "--smoothing", "0.9", run).output == asked)
    #expect(try !ftreport("--format", "svg", "--smoothing", "none", run).output.contains("local trend"))
    #expect(try ftreport("--smoothing", "ema:2", run).status == 2)
  }
}
