import FileSystem
import JSON
import Media
import TestSupport
import Testing

/// Headers of files that Pillow and Python's wave wrote, held against what these read back
/// (`scripts/make-media-fixtures.py`), and of files that lie.
struct MediaHeaderTests {
  static let folder = Path.join(Fixture.package, "Tests/MediaTests/Fixtures")

  private func bytes(_ name: String) throws -> [UInt8] { try Files.read(Path.join(Self.folder, name)) }

  private func truth(_ kind: String) throws -> [JSONValue.Member] {
    try #require(JSONValue(parsing: bytes("media.json"))[kind]?.members)
  }

  @Test func `pictures have the size that Pillow reads`() throws {
    let pictures = try truth("pictures")
    #expect(pictures.count == 14)
    for picture in pictures {
      let header = MediaHeader(try bytes(picture.key))
      let name = picture.key.split(separator: ".")[1]
      #expect(header.type?.fileExtension == String(name))
      #expect(header.width == picture.value["width"]?.int64.map(Int.init), "\(picture.key)")
      #expect(header.height == picture.value["height"]?.int64.map(Int.init), "\(picture.key)")
      #expect(header.faults.isEmpty && header.isShowable, "\(picture.key): \(header.faults)")
    }
  }

  @Test func `pixels of PNG are those that Pillow reads`() throws {
    var compared = 0
    for picture in try truth("pictures") {
      guard let want = picture.value["rgba"]?.array?.compactMap(\.int64) else { continue }
      let bitmap = try #require(Bitmap(png: bytes(picture.key)), "\(picture.key)")
      #expect(bitmap.pixels.map(Int64.init) == want, "\(picture.key)")
      compared += 1
    }
    #expect(compared == 6)
  }

  @Test func `the distance of two pictures`() throws {
    let colour = try #require(Bitmap(png: bytes("rgb.png")))
    #expect(colour.meanSquaredDifference(from: colour) == 0)
    #expect(colour.meanSquaredDifference(from: try #require(Bitmap(png: bytes("filtered.png")))) == nil)
    let gray = try #require(Bitmap(png: bytes("gray.png")))
    let squares = zip(colour.pixels, gray.pixels).enumerated().filter { $0.offset % 4 != 3 }
      .map { (Double($0.element.0) - Double($0.element.1)) * (Double($0.element.0) - Double($0.element.1)) }
    #expect(colour.meanSquaredDifference(from: gray) == squares.reduce(0, +) / Double(squares.count))
  }

  @Test func `sounds have the form and the samples that wave reads`() throws {
    for sound in try truth("sounds") {
      let bytes = try bytes(sound.key)
      let header = MediaHeader(bytes)
      let wave = try #require(header.wave)
      #expect(header.type == .wav && header.faults.isEmpty, "\(sound.key): \(header.faults)")
      #expect(Int64(wave.sampleRate) == sound.value["rate"]?.int64)
      #expect(Int64(wave.channelCount) == sound.value["channels"]?.int64)
      #expect(Int64(wave.frameCount) == sound.value["frames"]?.int64)
      let envelope = wave.envelope(of: bytes, count: 4)
      #expect(envelope.map(\.least) == sound.value["least"]?.array?.compactMap(\.double), "\(sound.key)")
      #expect(envelope.map(\.greatest) == sound.value["greatest"]?.array?.compactMap(\.double))
    }
  }

  @Test func `a cut file is called one, wherever it is cut, and none traps`() throws {
    for name in try (truth("pictures") + truth("sounds")).map(\.key) {
      let whole = try bytes(name)
      for count in 0..<whole.count where count < 200 || count > whole.count - 8 || count % 37 == 0 {
        let header = MediaHeader(Array(whole[..<count]))
        #expect(!header.faults.isEmpty, "\(name) cut to \(count)")
        _ = header.wave?.envelope(of: Array(whole[..<count]), count: 10)
      }
    }
  }

  @Test func `a file with changed bytes does not trap`() throws {
    var random = SeededRandom(seed: 4)
    for name in try (truth("pictures") + truth("sounds")).map(\.key) {
      for _ in 0..<200 {
        var bytes = try bytes(name)
        for _ in 0..<3 {
          bytes[Int.random(in: 0..<min(64, bytes.count), using: &random)] = .random(
            in: 0...255, using: &random)
        }
        _ = MediaHeader(bytes).wave?.envelope(of: bytes, count: 10)
        _ = Bitmap(png: bytes)
      }
    }
  }

  @Test func `a picture that claims ten billion pixels is not shown`() throws {
    var bytes = try bytes("rgb.png")
    for start in [16, 20] { bytes.replaceSubrange(start..<start + 4, with: [0, 1, 0x86, 0xa0]) }
    let header = MediaHeader(bytes)
    #expect(header.faults == [.tooLarge(width: 100_000, height: 100_000)])
    #expect(!header.isShowable)
    #expect(Bitmap(png: bytes) == nil)
  }

  @Test(arguments: [
    ("<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>", "an SVG document"),
    ("\n <!DOCTYPE html><script>alert(1)</script>", "a web page"), ("<html>", "a web page"),
    ("%PDF-1.7", "a PDF document"), ("plain words", "text"), ("", "nothing"),
  ])
  func `what is no picture is named and not shown`(text: String, name: String) {
    let header = MediaHeader(Array(text.utf8))
    #expect(header.faults == [.unknownType(name)])
    #expect(!header.isShowable)
  }

  @Test func `a sound whose sizes lie is read as far as it is there`() throws {
    var bytes = try bytes("stereo16.wav")
    bytes.replaceSubrange(40..<44, with: [0xff, 0xff, 0xff, 0x7f])
    let header = MediaHeader(bytes)
    #expect(header.wave?.frameCount == 40)
    #expect(header.faults == [.truncated])
    bytes.replaceSubrange(22..<24, with: [0, 0])
    #expect(MediaHeader(bytes).wave == nil)
    #expect(!MediaHeader(bytes).isShowable)
  }
}

struct SHA256Tests {
  /// Vectors of FIPS 180-4's examples.
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
    (
      String(repeating: "a", count: 1_000_000),
      "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
    ),
  ])
  func `the standard's examples`(text: String, digits: String) {
    #expect(SHA256.digits(of: Array(text.utf8)) == digits)
  }
}
