internal import CEventProto
internal import CProtobufC

// The messages of single values, decoded by libprotobuf-c: nil where the bytes are no such message.

extension ImageValue {
  init?(decoding bytes: RawSpan) {
    guard bytes.byteCount <= Event.longestDecoded else { return nil }
    let message = unsafe bytes.withUnsafeBytes {
      unsafe ftreport__summary_image__unpack(nil, $0.count, Wire.start(of: $0))
    }
    guard let message = unsafe message else { return nil }
    defer { unsafe ftreport__summary_image__free_unpacked(message, nil) }
    unsafe self.init(message.pointee)
  }

  init(_ message: Ftreport__SummaryImage) {
    height = unsafe message.height
    width = unsafe message.width
    colorspace = unsafe message.colorspace
    encoded = unsafe Wire.bytes(message.encoded_image_string)
  }
}

extension AudioValue {
  init?(decoding bytes: RawSpan) {
    guard bytes.byteCount <= Event.longestDecoded else { return nil }
    let message = unsafe bytes.withUnsafeBytes {
      unsafe ftreport__summary_audio__unpack(nil, $0.count, Wire.start(of: $0))
    }
    guard let message = unsafe message else { return nil }
    defer { unsafe ftreport__summary_audio__free_unpacked(message, nil) }
    unsafe self.init(message.pointee)
  }

  init(_ message: Ftreport__SummaryAudio) {
    sampleRate = unsafe message.sample_rate
    channelCount = unsafe message.num_channels
    frameCount = unsafe message.length_frames
    contentType = unsafe Wire.text(message.content_type)
    encoded = unsafe Wire.bytes(message.encoded_audio_string)
  }
}

extension HistogramValue {
  init?(decoding bytes: RawSpan) {
    guard bytes.byteCount <= Event.longestDecoded else { return nil }
    let message = unsafe bytes.withUnsafeBytes {
      unsafe ftreport__histogram_proto__unpack(nil, $0.count, Wire.start(of: $0))
    }
    guard let message = unsafe message else { return nil }
    defer { unsafe ftreport__histogram_proto__free_unpacked(message, nil) }
    unsafe self.init(message.pointee)
  }

  init(_ message: Ftreport__HistogramProto) {
    minimum = unsafe message.min
    maximum = unsafe message.max
    count = unsafe message.num
    sum = unsafe message.sum
    sumOfSquares = unsafe message.sum_squares
    bucketLimits = unsafe Wire.list(message.bucket_limit, message.n_bucket_limit)
    buckets = unsafe Wire.list(message.bucket, message.n_bucket)
  }
}
