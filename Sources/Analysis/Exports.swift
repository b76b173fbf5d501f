// What this product's API is made of beside its own types: a client needs no other import.
@_exported public import RunFolder
@_exported public import Weights

@_exported public import struct Media.MediaHeader
@_exported public import enum Media.MediaType
