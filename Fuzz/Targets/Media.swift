import Bytes

/// Pictures and sounds: headers, pixels, samples.
func fuzzMedia(_ bytes: RawSpan) { lookAt(media: bytes.copied()) }
