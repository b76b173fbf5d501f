internal import Bytes
internal import FileSystem

extension CheckpointVerification {
  /// Whether there is something to verify in the file at `path`, which depends on what its name says:
  /// - always, where the name is that of a checkpoint;
  /// - where other files have such names too, if its first bytes are those of tensors, pickles or archives;
  /// - under any other name, if a loader would take it: all of it can be read.
  ///
  /// A pickle of the oldest protocols has no mark. Such a file counts where all of it can be read as one, or where it
  /// would have called something before it ends in disorder: `pickle` executes as it reads.
  public static func applies(to path: String, named kind: CheckpointFileName.Kind?) -> Bool {
    if kind == .certain { return true }
    guard let file = try? MappedFile(path: path) else { return false }
    let bytes = file.bytes
    if SafetensorsFile.recognises(bytes) || NumPyArray.recognises(bytes) { return true }
    if let container = PyTorchArchive.container(of: bytes), container != .pickle {
      return kind == .byContents || (try? PyTorchArchive(file: file, range: 0..<file.count)) != nil
    }
    var reader = ByteReader(bytes)
    let reading = PickleReader.globals(&reader)
    let hasMark = PyTorchArchive.container(of: bytes) != nil
    // Text can begin like a whole pickle; without a mark it is one only up to the last byte.
    return reading.fault == nil && (hasMark || reader.remaining == 0)
      || reading.globals.contains { $0.uses > 0 } || kind == .byContents && hasMark
  }

  /// Examines a file that is neither torch's nor safetensors: numpy's array, its archive of arrays, or another zip
  /// archive with pickles in it. Returns false where the file is none of these.
  mutating func checkForeign(_ file: MappedFile) -> Bool {
    let bytes = file.bytes
    if NumPyArray.recognises(bytes) {
      byteCount = file.count
      checkArray(bytes, at: 0, name: nil)
      return true
    }
    guard PyTorchArchive.container(of: bytes) == .zip, let directory = try? ZipDirectory(bytes),
      !directory.entries.contains(where: PyTorchArchive.isMainPickle)
    else { return false }
    byteCount = file.count
    for entry in directory.entries { checkEntry(entry, of: bytes) }
    return true
  }

  private mutating func checkEntry(_ entry: ZipEntry, of bytes: RawSpan) {
    let offset = entry.range.lowerBound
    switch entry.method {
    case .stored:
      if entry.crc32 != 0 {
        checksumCount += 1
        if !entry.matchesCRC32(in: bytes) {
          add("has not the CRC-32 it was written with", offset, entry.name)
        }
      }
      checkContents(bytes.extracting(entry.range), at: offset, name: entry.name)
    case .deflated:
      checksumCount += 1
      do throws(ZipFault) {
        let unpacked = try entry.inflate(from: bytes)
        checkContents(unsafe unpacked.span.bytes, at: offset, name: entry.name)
      } catch { faults.append(Fault(offset: offset, text: error.description)) }
    }
  }

  private mutating func checkContents(_ bytes: RawSpan, at offset: Int, name: String) {
    if NumPyArray.recognises(bytes) { return checkArray(bytes, at: offset, name: name) }
    guard name.hasSuffix(".npy") || CheckpointFileName.kind(of: name) != nil else { return }
    // `numpy.load` hands what is no array to `pickle`, as other loaders do with entries of such names.
    var reader = ByteReader(bytes)
    let reading = PickleReader.globals(&reader)
    let isPickle = PyTorchArchive.container(of: bytes) == .pickle || reading.globals.contains { $0.uses > 0 }
    if isPickle { add(reading, at: offset, name: name) }
  }

  /// Checks that an array has as many bytes as its header says, and what the pickle of an array of objects names.
  private mutating func checkArray(_ bytes: RawSpan, at offset: Int, name: String?) {
    tensorCount += 1
    guard let array = NumPyArray(bytes) else { return add("not a header of numpy's", offset, name) }
    if array.hasObjects {
      var reader = ByteReader(bytes.extracting(array.start..<bytes.byteCount))
      return add(PickleReader.globals(&reader), at: offset + array.start, name: name)
    }
    if let wanted = array.byteCount, wanted != bytes.byteCount - array.start {
      add(
        "\(Thousands.text(bytes.byteCount - array.start)) bytes of values, where the header says \(Thousands.text(wanted))",
        offset + array.start, name)
    }
  }

  /// Notes what the pickle in a file that could not be read to its end would have called until then.
  mutating func checkBroken(_ path: String) {
    guard let file = try? MappedFile(path: path),
      ![.zip, .tar].contains(PyTorchArchive.container(of: file.bytes))
    else { return }
    var reader = ByteReader(file.bytes)
    for global in PickleReader.globals(&reader).globals where !global.isKnown && global.uses > 0 {
      add(global)
    }
  }

  /// Notes what a pickle names that none needs, and why it could not be read to its end.
  mutating func add(
    _ reading: (globals: [PickleGlobal], fault: Located<PickleFault>?), at offset: Int, name: String?
  ) {
    for global in reading.globals where !global.isKnown { add(global, at: offset, name: name) }
    if let fault = reading.fault { add(fault.fault.description, offset + fault.offset, name) }
  }

  /// Notes a function or class that a pickle names and that no checkpoint needs.
  mutating func add(_ global: PickleGlobal, at offset: Int = 0, name: String? = nil) {
    let uses = global.uses == 0 ? "names" : "calls or builds"
    add("the pickle \(uses) \(global.name), which no checkpoint needs", offset + global.offset, name)
  }

  private mutating func add(_ text: String, _ offset: Int, _ name: String?) {
    faults.append(Fault(offset: offset, text: name.map { "\($0): \(text)" } ?? text))
  }
}
