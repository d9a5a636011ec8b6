/// The calls a pickle may contain, and what kind of thing each stands for. They are never made:
/// the vocabulary only says which are recognised; any other call ends the reading.
package struct PickleVocabulary: Sendable {
  package enum Role: Sendable {
    /// A mapping that SETITEMS may fill.
    case dictionary
    /// A list or tuple: the elements are those of its one argument.
    case sequence
    /// Something that only its reader understands: arguments and state are kept.
    case record
    /// `copyreg._reconstructor`: stands for the class that is its first argument.
    case reconstructor
  }

  private(set) var roles: [String: Role]
  /// Whether references to the outside (PERSID) are allowed, as torch archives need them.
  package var allowsPersistentIDs = false

  package init(_ roles: [String: Role]) { self.roles = roles }

  package func adding(_ more: [String: Role]) -> PickleVocabulary {
    var result = self
    result.roles.merge(more) { $1 }
    return result
  }

  /// Python's own containers and NumPy's arrays.
  package static let numbers = PickleVocabulary([
    "collections.OrderedDict": .dictionary,
    "collections.defaultdict": .dictionary,
    "builtins.dict": .dictionary,
    "__builtin__.dict": .dictionary,
    "builtins.set": .sequence,
    "__builtin__.set": .sequence,
    "builtins.frozenset": .sequence,
    "__builtin__.frozenset": .sequence,
    "builtins.list": .sequence,
    "builtins.bytearray": .record,
    "copyreg._reconstructor": .reconstructor,
    "copy_reg._reconstructor": .reconstructor,
    "_codecs.encode": .record,
    "numpy.dtype": .record,
    "numpy.core.multiarray.scalar": .record,
    "numpy._core.multiarray.scalar": .record,
    "numpy.core.multiarray._reconstruct": .record,
    "numpy._core.multiarray._reconstruct": .record,
    "numpy.core.numeric._frombuffer": .record,
    "numpy._core.numeric._frombuffer": .record,
  ])

  /// What PyTorch's own pickles contain besides: tensors and the small change of training scripts.
  package static let torch = numbers.adding([
    "torch._utils._rebuild_tensor": .record,
    "torch._utils._rebuild_tensor_v2": .record,
    "torch._utils._rebuild_parameter": .record,
    "torch._utils._rebuild_parameter_with_state": .record,
    "torch.storage._load_from_bytes": .record,
    "torch.Size": .sequence,
    "torch.device": .record,
    "argparse.Namespace": .record,
    "pathlib.PosixPath": .record,
    "pathlib._local.PosixPath": .record,
    "pathlib.PurePosixPath": .record,
    "pathlib.WindowsPath": .record,
  ])
}
