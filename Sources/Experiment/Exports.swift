// The rooms below, whose types this room's API is made of: who imports Experiment needs no other import.
@_exported public import Analysis
@_exported public import Checkpoint
@_exported public import EventFile
@_exported public import GateConfiguration
@_exported public import RunFolder
@_exported public import Weights
