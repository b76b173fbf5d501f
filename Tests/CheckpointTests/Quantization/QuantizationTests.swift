import Checkpoint
import JSON
import Testing

struct QuantizationTests {
  @Test func `a 4-bit base is named with its type`() throws {
    let json = try JSONValue(
      parsing: """
        {"quantization_config": {"quant_method": "bitsandbytes", "load_in_4bit": true,
          "bnb_4bit_quant_type": "nf4", "bnb_4bit_use_double_quant": true}}
        """)
    #expect(Quantization(json)?.description == "4-bit nf4 (bitsandbytes, nested)")
  }

  @Test func `other methods tell their bits`() throws {
    let json = try JSONValue(parsing: #"{"quantization_config": {"quant_method": "gptq", "bits": 4}}"#)
    #expect(Quantization(json)?.description == "4-bit (gptq)")
    #expect(Quantization(try JSONValue(parsing: #"{"hidden_size": 64}"#)) == nil)
  }
}
