internal import Checkpoint

extension CheckpointListing {
  /// The tensors of one type of module.
  struct TypeSum {
    var stack: String
    var name: String
    var tensorCount = 0
    var elementCount = 0
    var byteCount = 0
    var elementTypes: [ElementType] = []
  }

  /// The sums over the tensors of each type, in order of first appearance.
  var types: [TypeSum] {
    struct Key: Hashable {
      var stack: String
      var name: String
    }
    var sums: [TypeSum] = []
    var places: [Key: Int] = [:]
    for tensor in checkpoint.tensors {
      let name = ModuleName(tensor.name)
      let key = Key(stack: name.stack, name: name.type)
      let place = places[key] ?? sums.count
      if place == sums.count {
        places[key] = place
        sums.append(TypeSum(stack: name.stack, name: name.type))
      }
      sums[place].tensorCount += 1
      sums[place].elementCount &+= tensor.elementCount
      sums[place].byteCount &+= tensor.byteCount
      if !sums[place].elementTypes.contains(tensor.elementType) {
        sums[place].elementTypes.append(tensor.elementType)
      }
    }
    return sums
  }
}
