/// The names that checkpoints are known to hold; a name outside of the list is a finding.
///
/// The first part is what torch's own `weights_only` reader allows (torch 2.15). The second are classes of plain
/// data that torch's distributed checkpoints, DeepSpeed, Megatron, NumPy and the HF libraries store. Functions
/// that do anything beyond building a value stand in neither. It is an allow-list because lists of forbidden names
/// can always be gone round.
enum KnownGlobals {
  static func contains(_ name: String) -> Bool { all.contains(name) }

  private static let all: Set<String> = {
    var names: Set<String> = []
    for (module, members) in modules {
      for member in members.split(whereSeparator: \.isWhitespace) { names.insert(module + "." + member) }
    }
    for element in tensorElements {
      for module in ["torch", "torch.cuda", "torch.sparse", "torch.cuda.sparse"] {
        names.insert("\(module).\(element)Tensor")
      }
      names.insert("torch.\(element)Storage")
      names.insert("torch.cuda.\(element)Storage")
    }
    return names
  }()

  private static let tensorElements = [
    "BFloat16", "Bool", "Byte", "Char", "ComplexDouble", "ComplexFloat", "Double", "Float", "Half", "Int",
    "Long",
    "Short",
  ]

  private static let modules: KeyValuePairs<String, String> = [
    // torch's own list.
    "collections": "OrderedDict Counter defaultdict deque",
    "_codecs": "encode",
    "builtins": "bytearray bytes complex set frozenset int float bool str list tuple dict object slice range",
    "__builtin__": "bytearray complex set frozenset int long float bool str unicode list tuple dict object",
    "torch": """
    QInt32Storage QInt8Storage QUInt2x4Storage QUInt4x2Storage QUInt8Storage Size Tensor device bcomplex32
    bfloat16 bits16 bits1x8 bits2x4 bits4x2 bits8 bool complex128 complex32 complex64 float16 float32 float64
    float4_e2m1fn_x2 float8_e4m3fn float8_e4m3fnuz float8_e5m2 float8_e5m2fnuz float8_e8m0fnu int1 int2 int3
    int4 int5 int6 int7 int8 int16 int32 int64 uint1 uint2 uint3 uint4 uint5 uint6 uint7 uint8 uint16 uint32
    uint64 qint32 qint8 quint2x4 quint4x2 quint8 per_channel_affine per_channel_affine_float_qparams
    per_channel_symmetric per_tensor_affine per_tensor_symmetric strided sparse_coo contiguous_format
    preserve_format
    """,
    "torch._tensor": "_rebuild_from_type_v2",
    "torch._utils": """
    _rebuild_device_tensor_from_cpu_tensor _rebuild_device_tensor_from_numpy _rebuild_meta_tensor_no_storage
    _rebuild_parameter _rebuild_parameter_with_state _rebuild_qtensor _rebuild_sparse_tensor _rebuild_tensor
    _rebuild_tensor_v2 _rebuild_tensor_v3 _rebuild_wrapper_subclass
    """,
    "torch.nn.parameter": "Parameter Buffer",
    "torch.serialization": "_get_layout",
    "torch.storage": "TypedStorage UntypedStorage",
    // Distributed checkpoints and tensors.
    "torch.distributed.checkpoint.metadata": """
    Metadata MetadataIndex TensorStorageMetadata BytesStorageMetadata ChunkStorageMetadata TensorProperties
    StorageMeta _MEM_FORMAT_ENCODING
    """,
    "torch.distributed.checkpoint.filesystem": "_StorageInfo _StoragePrefix",
    "torch.distributed.checkpoint.planner": """
    SavePlan WriteItem WriteItemType TensorWriteData BytesIOWriteData LoadPlan ReadItem LoadItemType
    """,
    "torch.distributed.device_mesh": "DeviceMesh",
    "torch.distributed._mesh_layout": "_MeshLayout _FlatLayout",
    "torch.distributed._tensor.device_mesh": "DeviceMesh",
    "torch.distributed.tensor": "DTensor",
    "torch.distributed.tensor._api": "DTensor",
    "torch.distributed._tensor.api": "DTensor",
    "torch.distributed.tensor._dtensor_spec": "DTensorSpec TensorMeta ShardOrderEntry",
    "torch.distributed._tensor.placement_types": """
    DTensorSpec TensorMeta Partial _Partial Replicate Shard _StridedShard
    """,
    "torch.distributed.tensor.placement_types": "Partial Replicate Shard _StridedShard",
    "torch.distributed._shard.sharded_tensor.api": "ShardedTensor ShardedTensor.ProcessGroupState",
    "torch.distributed._shard.sharded_tensor.shard": "Shard",
    "torch.distributed._shard.sharded_tensor.metadata": """
    ShardedTensorMetadata TensorProperties MEM_FORMAT_ENCODING
    """,
    "torch.distributed._shard.metadata": "ShardMetadata",
    "torch.distributed._shard.sharding_spec.api": "EnumerableShardingSpec",
    "torch.distributed._shard.sharding_spec.chunk_sharding_spec": "ChunkShardingSpec",
    "torch.distributed.remote_device": "_remote_device",
    // Python's own plain data.
    "argparse": "Namespace",
    "pathlib": "Path PosixPath PurePath PurePosixPath WindowsPath PureWindowsPath",
    "pathlib._local": "Path PosixPath PurePath PurePosixPath WindowsPath PureWindowsPath",
    "datetime": "datetime date timedelta timezone",
    "types": "SimpleNamespace",
    "enum": "IntEnum Enum",
    "signal": "Signals",
    "_io": "BytesIO",
    "copyreg": "_reconstructor",
    "copy_reg": "_reconstructor",
    // NumPy.
    "numpy": """
    dtype ndarray float16 float32 float64 int8 int16 int32 int64 uint8 uint16 uint32 uint64 bool_ bool
    """,
    "numpy.core.multiarray": "_reconstruct scalar",
    "numpy._core.multiarray": "_reconstruct scalar",
    "numpy.core.numeric": "_frombuffer",
    "numpy._core.numeric": "_frombuffer",
    "numpy.dtypes": """
    BoolDType Float16DType Float32DType Float64DType Int8DType Int16DType Int32DType Int64DType UInt8DType
    UInt16DType UInt32DType UInt64DType
    """,
    // DeepSpeed.
    "deepspeed.runtime.fp16.loss_scaler": "LossScaler DynamicLossScaler LossScalerBase",
    "deepspeed.runtime.zero.config": "ZeroStageEnum",
    "deepspeed.utils.tensor_fragment": "fragment_address",
    // The HF libraries, and those that build on their arguments.
    "transformers.trainer_utils": """
    HubStrategy IntervalStrategy SaveStrategy SchedulerType EvaluationStrategy FSDPOption EvalPrediction
    """,
    "transformers.training_args": "OptimizerNames TrainingArguments ParallelMode",
    "transformers.training_args_seq2seq": "Seq2SeqTrainingArguments",
    "transformers.trainer_pt_utils": "AcceleratorConfig",
    "transformers.debug_utils": "DebugOption",
    "transformers.integrations.deepspeed": "HfDeepSpeedConfig HfTrainerDeepSpeedConfig",
    "transformers.deepspeed": "HfDeepSpeedConfig HfTrainerDeepSpeedConfig",
    "transformers.generation.configuration_utils": "GenerationConfig",
    "accelerate.state": "PartialState AcceleratorState",
    "accelerate.utils.dataclasses": """
    DeepSpeedPlugin DistributedType FullyShardedDataParallelPlugin MegatronLMPlugin PrecisionType DynamoBackend
    TorchDynamoPlugin GradientAccumulationPlugin ComputeEnvironment SageMakerDistributedType
    ParallelismConfig TorchTensorParallelPlugin
    """,
    "accelerate.parallelism_config": "ParallelismConfig",
    "torch.distributed.fsdp.api": """
    ShardingStrategy BackwardPrefetch MixedPrecision CPUOffload StateDictType FullStateDictConfig
    ShardedStateDictConfig LocalStateDictConfig FullOptimStateDictConfig ShardedOptimStateDictConfig
    """,
    "torch.distributed.fsdp.fully_sharded_data_parallel": "ShardingStrategy BackwardPrefetch MixedPrecision",
    "torch.distributed.fsdp._fully_shard._fsdp_api": "MixedPrecisionPolicy OffloadPolicy CPUOffloadPolicy",
    "llamafactory.hparams.training_args": "TrainingArguments RayArguments Fp8Arguments",
    "llamafactory.hparams.finetuning_args": "FinetuningArguments",
    "trl.trainer.sft_config": "SFTConfig",
    "trl.trainer.dpo_config": "DPOConfig",
    "trl.trainer.kto_config": "KTOConfig",
    "trl.trainer.orpo_config": "ORPOConfig",
    "trl.trainer.cpo_config": "CPOConfig",
    "trl.trainer.grpo_config": "GRPOConfig",
    "trl.trainer.reward_config": "RewardConfig",
    // torchao: tensors in codes, and what they are made with.
    "torchao.quantization": """
    Float8Tensor Int4PlainInt32Tensor Int4PreshuffledTensor Int4Tensor Int4TilePackedTo4dTensor Int8Tensor
    IntxOpaqueTensor IntxUnpackedToInt8Tensor NF4Tensor
    """,
    "torchao.quantization.quantize_.common.kernel_preference": "KernelPreference",
    "torchao.quantization.quantize_.workflows.int8.int8_tensor": "QuantizeTensorToInt8Kwargs",
    "torchao.quantization.quantize_.workflows.float8.float8_tensor": "QuantizeTensorToFloat8Kwargs",
    "torchao.quantization.granularity": "PerAxis PerBlock PerGroup PerRow PerTensor PerToken",
    "torchao.quantization.quant_primitives": "MappingType ZeroPointDomain",
    "torchao.dtypes.affine_quantized_tensor": "AffineQuantizedTensor",
    "torchao.dtypes.nf4tensor": "NF4Tensor",
    "torchao.optim.subclass_8bit": "OptimState8bit",
    "torchao.optim.subclass_4bit": "OptimState4bit",
    "torchao.optim.subclass_fp8": "OptimStateFp8",
    // Megatron.
    "megatron.core.enums": "ModelType",
    "megatron.core.transformer.enums": "AttnBackend AttnMaskType AttnType LayerType ModelType",
    "megatron.training.arguments": "Namespace",
    "megatron.enums": "ModelType PositionEmbeddingType",
    "megatron.model.enums": "ModelType",
    "megatron.core.rerun_state_machine": "RerunMode RerunDiagnostic RerunState",
    "mcore_adapter.training_args": "TrainingArguments Seq2SeqTrainingArguments",
    "mcore_adapter.models.model_config": "McaModelConfig",
  ]
}
