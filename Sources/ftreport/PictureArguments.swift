import ArgumentParser
import FileSystem
import Process
import Report

/// How pictures of losses look, and how they are printed.
struct PictureArguments: ParsableArguments {
  @Option(help: ArgumentHelp("The loss at the foot of the panel.", valueName: "loss"))
  var ymin: Double?

  @Option(help: ArgumentHelp("The loss at the head of the panel.", valueName: "loss"))
  var ymax: Double?

  @Option(help: ArgumentHelp("The width of the pictures in pixels, 400 to 4000.", valueName: "pixels"))
  var width = 800

  func validate() throws {
    if let ymin, let ymax, !(ymin < ymax) { throw ValidationError("--ymin has to be less than --ymax") }
    guard 400...4000 ~= width else { throw ValidationError("--width takes 400 to 4000 pixels") }
  }

  /// The options as Report takes them.
  var options: PictureOptions {
    PictureOptions(
      least: ymin.flatMap { $0.isFinite ? $0 : nil }, greatest: ymax.flatMap { $0.isFinite ? $0 : nil },
      width: Double(width))
  }

  /// Prints a picture, as it is or through the renderer of librsvg, at twice its size.
  static func write(_ svg: String, asPNG: Bool) throws {
    guard asPNG else { return try StandardStream.output.write(svg) }
    let folders = (Environment["PATH"] ?? "").split(separator: ":").map(String.init)
    guard folders.contains(where: { Files.kind(of: Path.join($0, "rsvg-convert")) == .file }) else {
      throw Failure(
        status: .usage,
        message:
          "--format png needs rsvg-convert, which is not installed (Debian: librsvg2-bin, brew: librsvg); --format svg needs nothing"
      )
    }
    let folder = Path.join(Environment["TMPDIR"] ?? "/tmp", "ftreport-\(Files.unpredictableName())")
    try Files.makeNewDirectory(folder)
    defer { try? Files.remove(folder) }
    let file = Path.join(folder, "picture.svg")
    try FileDescriptor(creatingNew: file).write(svg)
    let line = "rsvg-convert --zoom 2 --format png \"$FTREPORT_PICTURE\""
    guard Shell.run(line, variables: [("FTREPORT_PICTURE", file)]) == 0 else {
      throw Failure(status: .usage, message: "rsvg-convert could not draw the picture")
    }
  }
}
