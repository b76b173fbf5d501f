// What this product's API is made of beside its own types: a client needs no other import.
@_exported public import Checkpoint
@_exported public import EventFile
