internal import Bytes
internal import CEventProto
internal import CProtobufC

/// One tensor of a mesh or point cloud: its corners, its faces or its colours.
public struct MeshPart: Equatable, Sendable {
  /// The name of the mesh.
  public var name: String
  /// What the tensor holds.
  public var content: Content
  /// The shape of the tensor: batch, elements, 3.
  public var dimensions: [Int]

  /// What a tensor of a mesh holds.
  public enum Content: Int32, Sendable {
    case undefined = 0
    case vertices = 1
    case faces = 2
    case colours = 3
  }

  /// The part that `tensor` is, by the metadata of its tag; nil where these are no message.
  init?(_ tensor: TensorValue, metadata: SummaryMetadata?) {
    let message = unsafe (metadata?.pluginContent ?? []).withUnsafeBufferPointer {
      unsafe ftreport__mesh_plugin_data__unpack(nil, $0.count, $0.baseAddress ?? UnsafePointer(bitPattern: 1))
    }
    guard let message = unsafe message else { return nil }
    defer { unsafe ftreport__mesh_plugin_data__free_unpacked(message, nil) }
    name = unsafe Wire.text(message.pointee.name)
    content = unsafe Content(rawValue: message.pointee.content_type) ?? .undefined
    dimensions = tensor.dimensions.map { Int(clamping: $0) }
  }
}
