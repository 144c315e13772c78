#include "scanners/artifact/pickle/callable_vocabulary.h"

// Names that build a value and do nothing else, so far as their constraint
// holds. Functions stand here one by one. `@` (any name of class shape) is given
// only to modules whose classes were looked at: an object of theirs is made by
// __new__ and filled by __setstate__, and neither runs what the file says.

namespace ringfort::scanners {
namespace {

using enum Constraint;

#define RINGFORT_BUILTIN_VALUES                                                                       \
  "float complex bool str object slice range xrange long unicode basestring Ellipsis NotImplemented " \
  "memoryview "                                                                                       \
  "True False None"
#define RINGFORT_BUILTIN_GATHERS "list tuple dict set frozenset sum sorted any all"
// What `map` and `filter` are given: they look at one value and cost no more than it is long.
#define RINGFORT_BUILTIN_PURE                                                                                 \
  "abs len ord str.lower str.upper str.strip str.lstrip str.rstrip str.title str.capitalize str.casefold "    \
  "str.swapcase str.split str.rsplit str.splitlines str.startswith str.endswith str.isdigit str.isalpha "     \
  "str.isalnum str.isnumeric str.isdecimal str.isspace str.islower str.isupper str.istitle str.isidentifier " \
  "str.isascii int.bit_length float.is_integer"
#define RINGFORT_BUILTIN_MENTIONS                                                                                   \
  "abs ascii bin callable chr unichr divmod format hash hex id isinstance issubclass len oct ord print repr round " \
  "max min "                                                                                                        \
  "dir hasattr next super staticmethod classmethod property str.* int.* float.* bytes.* list.* dict.* set.* "       \
  "frozenset.* tuple.* "                                                                                            \
  "cmp coerce intern buffer aiter anext"

#define RINGFORT_ARRAY_FUNCTIONS                                                                                  \
  "asarray abs exp log log1p log2 log10 expm1 sqrt square sin cos tan tanh add subtract multiply divide maximum " \
  "minimum mean sum std var max min prod any all argmax argmin clip sign floor ceil isnan isfinite"

constexpr SafeRow kRows[] = {
    // Built-in types
    {"builtins", RINGFORT_BUILTIN_VALUES},
    {"builtins", "reversed enumerate zip"},
    {"builtins", RINGFORT_BUILTIN_GATHERS, kGathers},
    {"builtins", "int", kDigits},
    {"builtins", "bytearray bytes", kBounded},
    {"builtins", "pow", kBounded},
    {"builtins", "map filter iter", kCallsArguments},
    {"builtins", "getattr", kAttribute},
    {"builtins", "type", kOneArgument},
    {"builtins", RINGFORT_BUILTIN_PURE},
    {"builtins", RINGFORT_BUILTIN_MENTIONS, kReferenceOnly},
    {"builtins", "@"},  // what remains of class shape are the exceptions
    {"types", "SimpleNamespace MappingProxyType GenericAlias UnionType NoneType EllipsisType NotImplementedType"},
    {"types",
     "ClassType TypeType StringType ListType DictType IntType FloatType TupleType "
     "GeneratorType CoroutineType AsyncGeneratorType MethodDescriptorType WrapperDescriptorType "
     "ClassMethodDescriptorType GetSetDescriptorType MemberDescriptorType TracebackType",
     kReferenceOnly},

    // Standard library value types
    {"collections", "ChainMap UserString"},
    {"collections", "OrderedDict Counter deque UserDict UserList", kGathers},
    {"collections", "defaultdict", kCallsArguments},
    {"collections", "namedtuple", kReferenceOnly},
    {"collections.abc", "@"},
    {"_collections", "OrderedDict deque", kGathers},
    {"_collections", "defaultdict", kCallsArguments},
    {"_collections_abc", "@"},
    {"UserDict", "DictMixin"},
    {"UserString", "MutableString"},
    {"ordereddict", "OrderedDict"},
    {"sets", "Set ImmutableSet"},
    {"datetime", "datetime date time timedelta timezone tzinfo UTC datetime.* date.* timezone.* timedelta.*"},
    {"_datetime", "datetime date time timedelta timezone tzinfo"},
    {"_pydatetime", "datetime date time timedelta timezone tzinfo"},
    {"_strptime", "_strptime_datetime", kReferenceOnly},
    {"zoneinfo", "ZoneInfo ZoneInfo._unpickle"},
    {"zoneinfo._zoneinfo", "ZoneInfo ZoneInfo._unpickle"},
    {"backports.zoneinfo", "ZoneInfo ZoneInfo._unpickle"},
    {"pytz", "_UTC _p UTC utc FixedOffset _FixedOffset timezone"},
    {"pytz.tzinfo", "@ unpickler"},
    {"pytz.tzfile", "@"},
    {"dateutil.tz.tz", "tzutc tzoffset tzlocal tzrange tzstr _ttinfo _tzicalvtz"},
    {"dateutil.tz", "tzutc tzoffset tzlocal"},
    {"dateutil.relativedelta", "relativedelta"},
    {"dateutil._common", "weekday"},
    {"dateutil.zoneinfo", "tzfile ZoneInfoFile", kNoFile},
    {"calendar", "@ IllegalMonthError"},
    {"decimal", "@"},
    {"_decimal", "@"},
    {"_pydecimal", "@"},
    {"fractions", "Fraction", kDigits},
    {"fractions", "_fraction_reduce"},
    {"numbers", "@"},
    {"uuid", "UUID SafeUUID SafeUUID.*"},
    {"pathlib", "Path PosixPath WindowsPath PurePath PurePosixPath PureWindowsPath"},
    {"pathlib._local", "Path PosixPath WindowsPath PurePath PurePosixPath PureWindowsPath"},
    {"pathlib2", "PosixPath WindowsPath PurePosixPath PureWindowsPath"},
    {"ipaddress", "@"},
    {"array", "array", kGathers},
    {"array", "_array_reconstructor"},
    {"functools", "partial partialmethod reduce", kCallsArguments},
    {"_functools", "partial reduce", kCallsArguments},
    {"functools", "wraps update_wrapper total_ordering cmp_to_key lru_cache cache singledispatch cached_property",
     kReferenceOnly},
    {"operator", "itemgetter"},
    {"_operator", "itemgetter"},
    {"operator",
     "add sub mul truediv floordiv mod pow lshift rshift and_ or_ xor neg pos abs invert inv not_ truth eq ne lt le gt "
     "ge is_ is_not "
     "contains concat countOf indexOf index getitem matmul div repeat",
     kBounded},
    {"_operator",
     "add sub mul truediv floordiv mod pow lshift rshift and_ or_ xor neg pos abs invert inv not_ truth eq ne lt le gt "
     "ge is_ is_not "
     "contains concat countOf indexOf index getitem matmul",
     kBounded},
    {"itertools", "product permutations combinations combinations_with_replacement", kGathers},
    {"itertools", "tee", kBounded},
    {"itertools",
     "chain islice count cycle repeat zip_longest compress _tee _tee_dataobject _grouper pairwise batched "
     "chain.from_iterable"},
    {"itertools", "starmap accumulate groupby takewhile dropwhile filterfalse", kCallsArguments},
    {"re",
     "_compile compile error Pattern PatternError RegexFlag RegexFlag.* I M S X A U L IGNORECASE MULTILINE DOTALL "
     "VERBOSE ASCII UNICODE"},
    {"re", "sub match search findall split fullmatch escape", kReferenceOnly},
    {"_regex_core", "@"},
    {"regex._regex", "compile"},
    {"regex", "_compile"},
    {"random", "Random SystemRandom"},
    {"_random", "Random"},
    {"random", "random randint choice uniform gauss shuffle sample", kReferenceOnly},
    {"copyreg", "_reconstructor __newobj__ __newobj_ex__", kConstructs},
    {"copyreg", "pickle_complex pickle_union _slotnames", kReferenceOnly},
    {"_codecs", "encode", kTextCodec},
    {"codecs", "encode", kTextCodec},
    {"_codecs", "latin_1_encode utf_8_encode ascii_encode latin_1_decode utf_8_decode ascii_decode"},
    {"_codecs", "decode", kTextCodec},
    {"codecs", "decode", kTextCodec},
    {"copy", "copy deepcopy", kReferenceOnly},
    {"time", "struct_time"},
    {"time", "time perf_counter monotonic", kReferenceOnly},
    {"os",
     "stat_result terminal_size times_result uname_result statvfs_result _make_stat_result _make_statvfs_result "
     "PathLike"},
    {"posix", "stat_result terminal_size times_result uname_result statvfs_result"},
    {"nt", "stat_result terminal_size times_result uname_result statvfs_result"},
    {"os.path", "join basename dirname splitext normpath split abspath", kReferenceOnly},
    {"posixpath", "join basename dirname splitext normpath split abspath", kReferenceOnly},
    {"ntpath", "join basename dirname splitext normpath split abspath", kReferenceOnly},
    {"http", "HTTPStatus HTTPStatus.* HTTPMethod HTTPMethod.*"},
    {"http.client", "HTTPException"},
    {"http.cookies", "SimpleCookie BaseCookie Morsel CookieError"},
    {"socket", "AddressFamily SocketKind AddressFamily.* SocketKind.* AF_* SOCK_* gaierror herror timeout"},
    {"signal", "Signals Handlers Sigmasks Signals.* Handlers.* SIG*"},
    {"ssl", "TLSVersion VerifyMode Purpose Options VerifyFlags TLSVersion.* VerifyMode.* SSLError _ASN1Object"},
    {"urllib.error", "URLError HTTPError ContentTooShortError"},
    {"urllib.parse", "ParseResult SplitResult DefragResult ParseResultBytes SplitResultBytes"},
    {"urllib.parse", "quote unquote urlparse urlsplit urlencode urljoin", kReferenceOnly},
    {"selectors", "SelectorKey"},
    {"inspect", "Signature Parameter BoundArguments _ParameterKind _ParameterKind.* _empty FullArgSpec ArgSpec"},
    {"logging",
     "Logger RootLogger LogRecord Formatter Filter NullHandler PlaceHolder getLogger makeLogRecord PercentStyle "
     "StrFormatStyle "
     "INFO DEBUG WARNING ERROR CRITICAL"},
    {"io", "StringIO BytesIO"},
    {"_io", "StringIO BytesIO"},
    {"cStringIO", "StringI StringO"},
    {"string", "Template Formatter"},
    {"enum", "Enum IntEnum Flag IntFlag StrEnum auto"},
    {"enum", "EnumMeta EnumType", kOneArgument},
    {"dataclasses",
     "Field _MISSING_TYPE MISSING _FIELD _FIELD_BASE _DataclassParams FrozenInstanceError _HAS_DEFAULT_FACTORY_CLASS "
     "KW_ONLY InitVar"},
    {"typing", "@"},
    {"typing", "_GenericAlias _UnionGenericAlias _SpecialForm Any Union Optional"},
    {"abc", "ABC"},
    {"abc", "ABCMeta", kOneArgument},
    {"typing", "NamedTupleMeta _ProtocolMeta _TypedDictMeta", kOneArgument},
    {"argparse", "Namespace ArgumentError ArgumentTypeError"},
    {"optparse", "Values"},
    {"configparser",
     "ConfigParser RawConfigParser SafeConfigParser SectionProxy ConverterMapping LegacyInterpolation "
     "BasicInterpolation ExtendedInterpolation Interpolation Error NoSectionError NoOptionError DuplicateSectionError "
     "DuplicateOptionError InterpolationError InterpolationDepthError InterpolationMissingOptionError "
     "InterpolationSyntaxError ParsingError MissingSectionHeaderError"},
    {"platform", "uname_result"},
    {"tokenize", "TokenInfo"},
    {"email._policybase", "Compat32"},
    {"torch._C", "_VariableFunctionsClass", kReferenceOnly},
    {"torch._C",
     "_VariableFunctionsClass.tanh _VariableFunctionsClass.sigmoid _VariableFunctionsClass.relu "
     "_VariableFunctionsClass.softmax _VariableFunctionsClass.exp _VariableFunctionsClass.selu "
     "_VariableFunctionsClass.celu _VariableFunctionsClass.sin _VariableFunctionsClass.cos",
     kReferenceOnly},
    {"torch", "ScriptObject"},
    {"numpy.core._multiarray_umath", "matmul heaviside logaddexp logaddexp2 hypot power rint fabs", kReferenceOnly},
    {"numpy._core._multiarray_umath", "matmul heaviside logaddexp logaddexp2 hypot power rint fabs", kReferenceOnly},
    {"statistics", "NormalDist LinearRegression StatisticsError"},
    {"statistics", "mean median mode stdev variance fmean", kReferenceOnly},
    {"textwrap", "TextWrapper"},
    {"textwrap", "dedent fill indent shorten wrap", kReferenceOnly},
    {"graphlib", "TopologicalSorter _NodeInfo CycleError"},
    {"difflib", "SequenceMatcher Match"},
    {"csv", "excel excel_tab unix_dialect Dialect"},
    {"_csv", "Error"},
    {"struct", "Struct error"},
    {"binascii", "Error Incomplete"},
    {"zlib", "error"},
    {"pickle", "PickleError PicklingError UnpicklingError"},
    {"_pickle", "PickleError PicklingError UnpicklingError"},
    {"copy", "Error"},
    {"_struct", "Struct"},
    {"xml.etree.ElementTree", "Element ParseError"},
    {"xml.etree.ElementTree", "ElementTree", kNewOnly},
    {"_elementtree", "Element"},
    {"json.encoder", "JSONEncoder"},
    {"json.decoder", "JSONDecoder"},
    {"json", "loads dumps JSONEncoder JSONDecoder", kReferenceOnly},
    {"_weakrefset", "WeakSet"},
    {"weakref", "WeakKeyDictionary WeakValueDictionary WeakSet"},
    {"math",
     "sqrt log log2 log10 log1p exp expm1 sin cos tan asin acos atan atan2 sinh cosh tanh floor ceil trunc fabs fmod "
     "hypot pi e inf nan "
     "isnan isinf isfinite erf gamma lgamma degrees radians copysign",
     kReferenceOnly},
    {"cmath", "sqrt exp log", kReferenceOnly},
    {"subprocess", "CalledProcessError TimeoutExpired SubprocessError CompletedProcess"},
    {"concurrent.futures._base", "TimeoutError CancelledError"},
    {"asyncio.exceptions", "@"},
    {"json.decoder", "JSONDecodeError"},
    {"tempfile", "SpooledTemporaryFile", kReferenceOnly},
    {"_thread", "allocate_lock RLock", kReferenceOnly},
    {"string", "ascii_letters capwords", kReferenceOnly},
    {"email.message", "Message EmailMessage MIMEPart"},
    {"email.mime.*",
     "MIMEBase MIMEMultipart MIMENonMultipart MIMEText MIMEApplication MIMEImage MIMEAudio MIMEMessage"},
    {"email.charset", "Charset"},
    {"email.header", "Header _ValueFormatter _Accumulator"},
    {"email.policy", "EmailPolicy"},
    {"email.errors", "@"},
    {"email._header_value_parser", "@"},
    {"email.headerregistry", "@"},
    {"email.headerregistry", "_reconstruct_header", kCallsArguments},  // makes a class of those that it is given
    {"tracemalloc", "Trace Traceback Frame"},
    {"ast", "@ alias arg arguments comprehension keyword match_case withitem"},
    {"_ast", "@"},
    {"sqlite3", "Row", kReferenceOnly},

    // NumPy
    {"numpy",
     "dtype matrix record poly1d float16 float32 float64 float128 longdouble int8 int16 int32 int64 "
     "intc int_ intp uint8 "
     "uint16 uint32 uint64 uint uintp uintc bool_ bool str_ bytes_ object_ complex64 complex128 complex256 "
     "clongdouble datetime64 "
     "timedelta64 float_ complex_ unicode_ string_ half single double byte ubyte short ushort longlong ulonglong "
     "longfloat str unicode "
     "int float complex object long ulong generic number integer floating inexact ma.MaskedArray "
     "ma.core.MaskedArray broadcast flatiter "
     "ufunc _NoValue _NoValueType"},
    {"numpy", "ndarray recarray void chararray ma.core._mareconstruct", kAllocates},
    {"numpy.core.multiarray", "scalar dtype _ufunc_reconstruct"},
    {"numpy.core.multiarray", "_reconstruct ndarray empty_like", kAllocates},
    {"numpy._core.multiarray", "scalar dtype _ufunc_reconstruct"},
    {"numpy._core.multiarray", "_reconstruct ndarray", kAllocates},
    {"numpy.core._multiarray_umath", "scalar"},
    {"numpy.core._multiarray_umath", "_reconstruct", kAllocates},
    {"numpy._core._multiarray_umath", "scalar"},
    {"numpy._core._multiarray_umath", "_reconstruct", kAllocates},
    {"numpy.core.numeric", "_frombuffer"},
    {"numpy._core.numeric", "_frombuffer"},
    {"numpy.core", "_ufunc_reconstruct _DType_reconstruct"},
    {"numpy.core", "_reconstruct", kAllocates},
    {"numpy._core", "_ufunc_reconstruct _DType_reconstruct"},
    {"numpy._core", "_reconstruct", kAllocates},
    {"numpy.core._internal", "_convert_to_stringdtype_kwargs"},
    {"numpy.core._internal", "_reconstruct", kAllocates},
    {"numpy._core._internal", "_convert_to_stringdtype_kwargs"},
    {"numpy.core.records", "record"},
    {"numpy.core.records", "recarray", kAllocates},
    {"numpy._core.records", "record"},
    {"numpy._core.records", "recarray", kAllocates},
    {"numpy.rec", "record"},
    {"numpy.rec", "recarray", kAllocates},
    {"numpy.core.defchararray", "chararray", kAllocates},
    {"numpy._core.defchararray", "chararray", kAllocates},
    {"numpy.char", "chararray", kAllocates},
    {"numpy.matrixlib.defmatrix", "matrix"},
    {"numpy.ma", "MaskedArray masked_array"},
    {"numpy.ma.core", "MaskedArray MaskedConstant mvoid _MaskedConstant"},
    {"numpy.ma.core", "_mareconstruct", kAllocates},
    {"numpy.ma.mrecords", "MaskedRecords mrecarray"},
    {"numpy.ma.mrecords", "_mrreconstruct", kAllocates},
    {"numpy.dtypes", "@"},
    {"numpy.exceptions", "@"},
    {"numpy.lib.polynomial", "poly1d"},
    {"numpy.lib._polynomial_impl", "poly1d"},
    {"numpy.lib.index_tricks", "IndexExpression"},
    {"numpy.polynomial.polynomial", "Polynomial"},
    {"numpy.polynomial.chebyshev", "Chebyshev"},
    {"numpy.polynomial.legendre", "Legendre"},
    {"numpy.polynomial.laguerre", "Laguerre"},
    {"numpy.polynomial.hermite", "Hermite"},
    {"numpy.polynomial.hermite_e", "HermiteE"},
    {"numpy", "finfo iinfo"},
    {"numpy", "vectorize", kCallsArguments},  // keeps a function, and calls it when it is called
    {"numpy.lib.function_base", "vectorize", kCallsArguments},
    {"numpy.lib._function_base_impl", "vectorize", kCallsArguments},
    {"numpy.core.getlimits", "finfo iinfo MachArLike"},
    {"numpy._core.getlimits", "finfo iinfo MachArLike"},
    {"numpy.linalg", "LinAlgError"},
    {"numpy.linalg.linalg", "LinAlgError"},
    {"numpy.fft", "fft ifft rfft irfft fft2 ifft2 fftfreq fftshift", kReferenceOnly},
    {"numpy",
     "count_nonzero diag expand_dims eye full gradient histogram identity nan_to_num ptp repeat round_ squeeze tile "
     "where searchsorted digitize diff cumprod outer inner cross trace flip roll swapaxes full_like empty_like ones "
     "allclose isclose isinf heaviside arctan2 logaddexp bincount unravel_index triu tril split take convolve",
     kReferenceOnly},
    {"numpy.random._pickle", "__randomstate_ctor __generator_ctor __bit_generator_ctor"},
    {"numpy.random", "__RandomState_ctor RandomState Generator PCG64 MT19937 Philox SFC64 SeedSequence"},
    {"numpy.random.mtrand", "RandomState __RandomState_ctor _rand"},
    {"numpy.random._generator", "Generator"},
    {"numpy.random._mt19937", "MT19937"},
    {"numpy.random._pcg64", "PCG64 PCG64DXSM"},
    {"numpy.random._philox", "Philox"},
    {"numpy.random._sfc64", "SFC64"},
    {"numpy.random.bit_generator",
     "SeedSequence __pyx_unpickle_* ISeedSequence ISpawnableSeedSequence SeedlessSeedSequence"},
    {"numpy.random._bit_generator",
     "SeedSequence __pyx_unpickle_* ISeedSequence ISpawnableSeedSequence SeedlessSeedSequence"},
    {"numpy.random._bounded_integers", "__pyx_unpickle_*"},
    {"numpy",
     "add subtract multiply divide true_divide exp log log1p log2 log10 expm1 sqrt square abs absolute sin cos tan "
     "tanh maximum minimum "
     "power mean sum std var median min max amin amax argmax argmin prod any all nanmean nanmedian nansum nanstd "
     "nanmin nanmax dot matmul "
     "array asarray zeros ones empty zeros_like ones_like arange linspace reciprocal sign floor ceil round clip isnan "
     "isfinite logical_and "
     "logical_or logical_not ravel reshape transpose concatenate hstack vstack stack unique sort argsort quantile "
     "percentile average cumsum "
     "interp linalg.norm linalg.inv linalg.pinv linalg.det linalg.solve linalg.svd linalg.eigh nan inf pi negative "
     "greater less equal cbrt exp2 arcsin arccos arctan sinh cosh hypot fabs rint "
     "trunc sigmoid corrcoef cov",
     kReferenceOnly},
    {"numpy.core._multiarray_umath",
     "add subtract multiply divide exp log log1p log2 log10 expm1 sqrt square absolute sin cos tan tanh maximum "
     "minimum power "
     "true_divide reciprocal sign floor ceil negative isnan isfinite logical_* greater less equal cbrt exp2 arc* sinh "
     "cosh",
     kReferenceOnly},
    {"numpy._core._multiarray_umath",
     "add subtract multiply divide exp log log1p log2 log10 expm1 sqrt square absolute sin cos tan tanh maximum "
     "minimum power "
     "true_divide reciprocal sign floor ceil negative isnan isfinite logical_* greater less equal cbrt exp2 arc* sinh "
     "cosh",
     kReferenceOnly},
    {"numpy.core.fromnumeric",
     "mean sum std var amin amax min max prod any all argmax argmin clip cumsum ptp round squeeze ravel",
     kReferenceOnly},
    {"numpy._core.fromnumeric",
     "mean sum std var amin amax min max prod any all argmax argmin clip cumsum ptp round squeeze ravel",
     kReferenceOnly},
    {"numpy.core.multiarray", "concatenate dot inner matmul where zeros empty arange array", kReferenceOnly},
    {"numpy._core.multiarray", "concatenate dot inner where zeros empty arange array", kReferenceOnly},
    {"numpy.core.numeric", "asarray ones zeros_like ones_like full", kReferenceOnly},
    {"numpy._core.numeric", "asarray ones zeros_like ones_like full", kReferenceOnly},
    {"numpy.linalg.linalg", "norm inv pinv det solve svd eigh", kReferenceOnly},
    {"numpy.linalg._linalg", "norm inv pinv det solve svd eigh", kReferenceOnly},
    {"numpy.lib.nanfunctions", "nanmean nanmedian nansum nanstd nanvar nanmin nanmax", kReferenceOnly},
    {"numpy.lib._nanfunctions_impl", "nanmean nanmedian nansum nanstd nanvar nanmin nanmax", kReferenceOnly},
    {"numpy.lib.function_base", "median percentile quantile average", kReferenceOnly},
    {"numpy.lib._function_base_impl", "median percentile quantile average", kReferenceOnly},
    {"numpy.linalg", "norm", kReferenceOnly},
    {"ml_dtypes", "bfloat16 float8_* int4 uint4 int2 uint2"},
    {"ml_dtypes._ml_dtypes_ext", "bfloat16 float8_* int4 uint4"},

    // torch
    {"torch._utils",
     "_rebuild_parameter _rebuild_parameter_with_state "
     "_rebuild_sparse_tensor "
     "_rebuild_sparse_csr_tensor _rebuild_nested_tensor _rebuild_device_tensor_from_numpy "
     "_rebuild_device_tensor_from_cpu_tensor _rebuild_xla_tensor _rebuild_meta_tensor_no_storage _rebuild_mlc_tensor "
     "_rebuild_wrapper_subclass CallbackRegistry"},
    {"torch._utils", "_rebuild_tensor _rebuild_tensor_v2 _rebuild_tensor_v3 _rebuild_qtensor", kView},
    {"torch._tensor", "_rebuild_from_type_v2", kCallsArguments},
    {"torch",
     "Size device dtype Generator finfo iinfo "
     "float32 float float64 double float16 half bfloat16 uint8 int8 int16 short int32 int int64 long bool complex32 "
     "complex64 cfloat complex128 "
     "cdouble chalf quint8 qint8 qint32 quint4x2 quint2x4 uint16 uint32 uint64 float8_* float4_* bits* uint1 uint2 "
     "uint3 uint4 uint5 uint6 uint7 "
     "int1 int2 int3 int4 int5 int6 int7 "
     "strided sparse_coo sparse_csr sparse_csc sparse_bsr sparse_bsc _mkldnn jagged per_tensor_affine "
     "per_channel_affine per_tensor_symmetric "
     "per_channel_symmetric per_channel_affine_float_qparams contiguous_format channels_last channels_last_3d "
     "preserve_format memory_format layout "
     "qscheme SymInt SymFloat SymBool nn.Parameter nn.parameter.Parameter nn.Module _C._nn.gelu"},
    {"torch",
     "FloatStorage DoubleStorage HalfStorage BFloat16Storage IntStorage LongStorage ShortStorage CharStorage "
     "ByteStorage BoolStorage "
     "ComplexFloatStorage ComplexDoubleStorage QInt8Storage QUInt8Storage QInt32Storage QUInt4x2Storage "
     "QUInt2x4Storage UntypedStorage TypedStorage Tensor "
     "FloatTensor DoubleTensor HalfTensor BFloat16Tensor IntTensor LongTensor ShortTensor CharTensor ByteTensor "
     "BoolTensor",
     kAllocates},
    {"torch",
     "relu sigmoid tanh softmax gelu cos sin exp log mean sum max min matmul cat stack add mul sqrt abs "
     "selu tensor zeros ones "
     "_C._nn.* silu log_softmax",
     kReferenceOnly},
    {"torch._C",
     "device dtype Size Generator DisableTorchFunction DisableTorchFunctionSubclass layout memory_format qscheme"},
    {"torch._C._nn", "gelu silu relu6 leaky_relu hardswish hardtanh elu_ gelu_ softplus log_sigmoid mish",
     kReferenceOnly},
    {"torch.cuda",
     "FloatStorage DoubleStorage HalfStorage BFloat16Storage IntStorage LongStorage ShortStorage CharStorage "
     "ByteStorage BoolStorage "
     "ComplexFloatStorage ComplexDoubleStorage FloatTensor DoubleTensor HalfTensor BFloat16Tensor IntTensor LongTensor "
     "ShortTensor CharTensor "
     "ByteTensor BoolTensor",
     kAllocates},
    {"torch.storage", "UntypedStorage TypedStorage _TypedStorage _UntypedStorage _LegacyStorage", kAllocates},
    {"torch.storage", "_load_from_bytes", kNestedStream},
    {"torch._tensor", "Tensor", kAllocates},
    {"torch.tensor", "Tensor", kAllocates},
    {"torch._namedtensor_internals", "@"},
    {"torch.serialization", "_get_layout add_safe_globals.*"},
    {"torch.nn.parameter", "Parameter Buffer UninitializedParameter UninitializedBuffer"},
    {"torch.nn", "Parameter Module ModuleList ModuleDict Sequential @", kAllocates},
    {"torch.nn.backends.thnn", "_get_thnn_function_backend"},
    {"torch.nn.modules.*", "@", kAllocates},
    {"torch.nn.parallel.*", "@"},
    {"torch.nn.utils.*", "@"},
    {"torch.nn.quantized.*", "@"},
    {"torch.nn.quantizable.*", "@"},
    {"torch.nn.intrinsic.*", "@"},
    {"torch.nn.qat.*", "@"},
    {"torch.nn.attention.*", "@"},
    {"torch.nn.functional",
     "relu gelu silu sigmoid tanh softmax log_softmax elu selu leaky_relu relu6 softplus mish hardswish hardtanh celu "
     "glu "
     "cross_entropy mse_loss binary_cross_entropy binary_cross_entropy_with_logits nll_loss l1_loss smooth_l1_loss "
     "dropout normalize "
     "cosine_similarity pairwise_distance logsigmoid softsign tanhshrink interpolate pad relu_",
     kReferenceOnly},
    {"torch.nn.utils.parametrize", "type_before_parametrizations", kReferenceOnly},
    {"torch.nn.init", "*", kReferenceOnly},
    {"torch.ao.nn.*", "@"},
    {"torch.ao.quantization.*", "@"},
    {"torch.quantization.*", "@"},
    {"torch.optim.*", "@"},
    {"torch.optim", "Adam AdamW SGD RMSprop Adagrad Adadelta Adamax LBFGS NAdam RAdam Rprop SparseAdam ASGD Optimizer"},
    {"torch.optim.optimizer", "_RequiredParameter required"},
    {"torch.distributions.*", "@"},
    {"torch.utils.data.dataset",
     "TensorDataset Subset ConcatDataset StackDataset Dataset ChainDataset IterableDataset"},
    {"torch.utils.data.sampler", "@"},
    {"torch.utils.data.dataloader", "DataLoader"},
    {"torch.utils.data._utils.collate", "default_collate default_convert", kReferenceOnly},
    {"torch.utils.data", "TensorDataset Subset ConcatDataset DataLoader"},
    {"torch.utils.hooks", "RemovableHandle BackwardHook"},
    {"torch.utils._pytree", "TreeSpec LeafSpec"},
    {"torch.jit._pickle",
     "build_intlist build_tensorlist build_doublelist build_boollist build_tensor_from_id restore_type_tag"},
    {"torch.distributed._shard.sharding_spec.*", "@"},
    {"torch.distributed.tensor", "Shard Replicate Partial DTensor"},
    {"torch.distributed.tensor.placement_types", "Shard Replicate Partial"},
    {"torch.autograd", "Variable"},
    {"torch.autograd.variable", "Variable"},
    {"torch.sparse", "FloatTensor DoubleTensor", kAllocates},
    {"torch.random", "default_generator"},
    {"torch.cuda.amp.grad_scaler", "GradScaler OptState _refresh_per_optimizer_state"},
    {"torch.amp.grad_scaler", "GradScaler OptState _refresh_per_optimizer_state"},
    {"torch.return_types",
     "aminmax cummax cummin frexp geqrf histogram histogramdd kthvalue lu_unpack max median min mode nanmedian qr "
     "slogdet sort svd topk triangular_solve linalg_* lu_factor*"},
    {"torch.version", "*"},
    {"torch.torch_version", "TorchVersion"},
    {"__torch__.*", "*"},  // TorchScript's own class names; resolved in its code archive, not by import
    {"__torch__", "*"},
    {"torchvision.models.*", "@"},
    {"torchvision.ops.*", "@"},
    {"torchvision.transforms.*", "@"},
    {"torchvision.transforms.functional", "InterpolationMode InterpolationMode.*"},
    {"torchvision.tv_tensors.*", "@"},
    {"PIL.Image", "Image Resampling Transpose"},

    // scikit-learn and its company
    {"sklearn.*", "@"},
    {"sklearn.compose._column_transformer", "make_column_selector"},
    {"sklearn.utils", "Bunch"},
    {"sklearn.utils._bunch", "Bunch"},
    {"sklearn.base", "_* BaseEstimator ClassifierMixin"},
    {"sklearn._loss.*", "__pyx_unpickle_*"},
    {"sklearn.utils.*", "__pyx_unpickle_*"},
    {"sklearn.linear_model.*", "__pyx_unpickle_*"},
    {"sklearn.neighbors.*", "newObj __pyx_unpickle_*"},
    {"sklearn.metrics.*", "newObj __pyx_unpickle_*"},
    {"sklearn.metrics._dist_metrics", "newObj"},
    {"sklearn.tree._utils", "_realloc_test", kReferenceOnly},
    {"sklearn.ensemble.*", "__pyx_unpickle_*"},
    {"sklearn.cluster.*", "__pyx_unpickle_*"},
    {"sklearn.metrics.*",
     "*_score *_loss *_error *_distances *_kernel *_curve confusion_matrix make_scorer _passthrough_scorer "
     "*_similarity d2_* dcg_*",
     kReferenceOnly},
    {"sklearn.feature_selection.*", "f_classif f_regression chi2 mutual_info_* r_regression f_oneway", kReferenceOnly},
    {"sklearn.cluster.*", "_kmeans_single_* lloyd_iter_* elkan_iter_* k_means kmeans_plusplus", kReferenceOnly},
    {"sklearn.preprocessing.*", "_identity scale normalize minmax_scale robust_scale", kReferenceOnly},
    {"sklearn.gaussian_process.*", "__pyx_unpickle_*"},
    {"sklearn.decomposition.*", "_logcosh _exp _cube", kReferenceOnly},
    {"sklearn.feature_extraction.text", "strip_accents_* strip_tags", kReferenceOnly},
    {"sklearn.utils.extmath", "safe_sparse_dot softmax row_norms", kReferenceOnly},
    {"sklearn.linear_model.*", "_least_squares_*", kReferenceOnly},
    {"scipy.sparse.*",
     "@ csr_matrix csc_matrix coo_matrix bsr_matrix dia_matrix dok_matrix lil_matrix csr_array csc_array coo_array "
     "bsr_array dia_array "
     "dok_array lil_array spmatrix sparray",
     kAllocates},
    {"scipy.stats.*", "gaussian_kde"},
    {"scipy.stats.*", "@ *_gen *_frozen rv_* uniform_gen"},
    {"scipy.stats._continuous_distns", "*_gen"},
    {"scipy.interpolate.*", "@ interp1d interp2d interp1d._call_*"},
    {"scipy.spatial.*", "@ __pyx_unpickle_*"},
    {"scipy.optimize.*", "LbfgsInvHessProduct RootResults"},
    {"scipy.optimize.*", "OptimizeResult Bounds LinearConstraint NonlinearConstraint BFGS SR1"},
    {"scipy.signal.*", "@ lti dlti"},
    {"scipy.spatial.kdtree", "KDTree.innernode KDTree.leafnode KDTree.node"},
    {"scipy.spatial._kdtree", "KDTree.innernode KDTree.leafnode KDTree.node"},
    {"scipy.spatial._ckdtree", "cKDTree cKDTreeNode"},
    {"scipy.spatial.ckdtree", "cKDTree cKDTreeNode new_object"},
    {"scipy.special._special_ufuncs", "expit logit gamma gammaln log_expit exp2 cbrt", kReferenceOnly},
    {"scipy.special._ufuncs", "expit logit gamma gammaln erf erfc erfinv ndtr ndtri log1p expm1 boxcox xlogy",
     kReferenceOnly},
    {"scipy.special", "expit logit softmax logsumexp gammaln", kReferenceOnly},
    {"scipy._lib._bunch", "_make_tuple_bunch", kReferenceOnly},
    {"scipy._external.array_api_compat.*", RINGFORT_ARRAY_FUNCTIONS, kReferenceOnly},
    {"scipy._lib.array_api_compat.*", RINGFORT_ARRAY_FUNCTIONS, kReferenceOnly},
    {"joblib.numpy_pickle", "NDArrayWrapper NumpyArrayWrapper"},
    {"joblib.memory", "Memory", kNewOnly},
    {"joblib.numpy_pickle_compat", "NDArrayWrapper ZNDArrayWrapper"},
    {"joblib.numpy_pickle_utils", "@"},
    {"sklearn.externals.joblib.numpy_pickle", "NumpyArrayWrapper NDArrayWrapper"},
    {"imblearn.*", "@"},
    {"category_encoders.*", "@"},
    {"xgboost.core", "Booster DMatrix", kNoFile},
    {"xgboost.sklearn", "@ XGBClassifier XGBRegressor XGBRanker XGBModel"},
    {"xgboost.compat", "XGBoostLabelEncoder"},
    {"lightgbm.basic", "Booster Dataset", kNoFile},
    {"lightgbm.sklearn", "LGBMClassifier LGBMRegressor LGBMRanker LGBMModel _LGBMLabelEncoder"},
    {"lightgbm.compat", "_LGBMLabelEncoder"},
    {"catboost.core", "CatBoost CatBoostClassifier CatBoostRegressor CatBoostRanker"},
    {"catboost.core", "Pool", kNoFile},
    {"hdbscan.*", "@"},
    {"umap.umap_", "UMAP"},
    {"gensim.models.*", "@", kNewOnly},
    {"gensim.corpora.dictionary", "Dictionary", kNewOnly},
    {"gensim.utils", "call_on_class_only", kReferenceOnly},

    // pandas and Arrow
    {"pandas.core.*", "@"},
    {"pandas.core.series", "Series", kGathers},
    {"pandas.core.frame", "DataFrame", kGathers},
    {"pandas.core.indexes.base", "Index", kGathers},
    {"pandas", "Series DataFrame Index", kGathers},
    {"pandas", "@ NA NaT Timestamp"},
    {"pandas",
     "isna isnull notna notnull to_numeric to_datetime to_timedelta concat merge cut qcut get_dummies factorize unique "
     "date_range melt pivot_table crosstab",
     kReferenceOnly},
    {"pandas.core.dtypes.missing", "isna isnull notna notnull", kReferenceOnly},
    {"pandas.core.reshape.concat", "concat", kReferenceOnly},
    {"pandas.core.tools.numeric", "to_numeric", kReferenceOnly},
    {"pandas.core.tools.datetimes", "to_datetime", kReferenceOnly},
    {"pandas.arrays", "@"},
    {"pandas.api.typing", "@"},
    {"pandas.errors", "@"},
    {"pandas.tseries.*", "@"},
    {"pandas.core.internals.blocks", "new_block Block _unpickle_block"},
    {"pandas.core.internals.managers", "BlockManager SingleBlockManager"},
    {"pandas.core.indexes.base", "_new_Index"},
    {"pandas.core.indexes.datetimes", "_new_DatetimeIndex"},
    {"pandas.core.indexes.timedeltas", "_new_TimedeltaIndex"},
    {"pandas.core.indexes.period", "_new_PeriodIndex"},
    {"pandas.core.indexes.interval", "_new_IntervalIndex"},
    {"pandas.core.indexes.multi", "_new_MultiIndex"},
    {"pandas.indexes.base", "_new_Index Index"},
    {"pandas.indexes.*", "@"},
    {"pandas.index", "@ _new_Index"},
    {"pandas.tseries.index", "_new_DatetimeIndex"},
    {"pandas._libs.*",
     "@ __pyx_unpickle_* _unpickle_block _nat_unpickle __nat_unpickle _timedelta_unpickle _unpickle_timestamp "
     "c_timestamp __pyx_unpickle_NDArrayBacked"},
    {"pandas._libs.tslibs.offsets", "_get_offset @ Day Hour"},
    {"pandas._tseries", "@"},
    {"pandas.compat.numpy.*", "@"},
    {"pandas.sparse.*", "@"},
    {"pandas.types.*", "@"},
    {"pyarrow.lib",
     "@ _restore_array py_buffer type_for_alias _reconstruct_table _reconstruct_record_batch _reconstruct_schema "
     "chunked_array struct list_ "
     "large_list dictionary timestamp duration time32 time64 decimal128 field schema map_ scalar"},
    {"pyarrow", "@ py_buffer"},
    {"pyarrow.types", "@"},
    {"polars.dataframe.frame", "DataFrame"},
    {"polars.series.series", "Series"},
    {"polars.schema", "Schema"},
    {"polars.datatypes.classes", "@ Int8 Int16 Int32 Int64 Int128 UInt8 UInt16 UInt32 UInt64"},
    {"networkx.classes.*", "@ Graph"},
    {"networkx.utils.*", "PythonRandomInterface _PythonRandomInterface"},

    // Configuration and training state of the common frameworks
    {"transformers.training_args", "OptimizerNames OptimizerNames.* ParallelMode ParallelMode.*"},
    {"transformers.training_args", "TrainingArguments", kNewOnly},
    {"transformers.training_args_seq2seq", "Seq2SeqTrainingArguments", kNewOnly},
    {"transformers.trainer_utils", "@ IntervalStrategy.* HubStrategy.* SchedulerType.*"},
    {"transformers.trainer_pt_utils", "AcceleratorConfig LabelSmoother"},
    {"transformers.trainer_callback", "TrainerState TrainerControl"},
    {"transformers.utils.generic", "ExplicitEnum PaddingStrategy PaddingStrategy.* TensorType ModelOutput"},
    {"transformers.debug_utils", "DebugOption DebugOption.*"},
    {"transformers.configuration_utils", "PretrainedConfig PreTrainedConfig"},
    {"transformers.modeling_outputs", "@"},
    {"transformers.activations", "@"},
    {"transformers.image_utils", "SizeDict"},
    {"transformers.optimization", "_get_*_lr_lambda", kReferenceOnly},
    // Models, their configurations, processors and tokenizers: many of their constructors read files.
    {"transformers.models.*", "@", kNewOnly},
    {"transformers.data.data_collator", "@", kNewOnly},
    {"transformers.tokenization_utils_fast", "PreTrainedTokenizerFast", kNewOnly},
    {"transformers.tokenization_utils_tokenizers", "TokenizersBackend", kNewOnly},
    {"transformers.generation.configuration_utils", "GenerationConfig"},
    {"transformers.tokenization_utils_base", "BatchEncoding AddedToken"},
    {"tokenizers", "AddedToken Encoding Tokenizer"},
    {"tokenizers.models", "Model"},
    {"tokenizers.decoders", "@"},
    {"tokenizers.normalizers", "@"},
    {"tokenizers.pre_tokenizers", "@"},
    {"tokenizers.processors", "@"},
    {"accelerate.state", "GradientState"},
    {"accelerate.state", "PartialState AcceleratorState", kNewOnly},
    {"accelerate.utils.dataclasses",
     "DistributedType DistributedType.* PrecisionType RNGType LoggerType DynamoBackend ComputeEnvironment "
     "SageMakerDistributedType FP8BackendType CustomDtype BnbQuantizationConfig GradientAccumulationPlugin"},
    {"accelerate.utils.dataclasses", "@", kNewOnly},
    {"tensorflow.python.framework.dtypes", "as_dtype DType"},
    {"omegaconf.dictconfig", "DictConfig"},
    {"omegaconf.listconfig", "ListConfig"},
    {"omegaconf.base", "Metadata ContainerMetadata Node Container"},
    {"omegaconf.nodes", "@"},
    {"omegaconf", "DictConfig ListConfig"},
    {"pytorch_lightning.utilities.parsing", "AttributeDict"},
    {"pytorch_lightning.callbacks.model_checkpoint", "ModelCheckpoint"},
    {"pytorch_lightning.callbacks.early_stopping", "EarlyStopping"},
    {"lightning.pytorch.callbacks.model_checkpoint", "ModelCheckpoint"},
    {"lightning_fabric.utilities.data", "AttributeDict"},
    // Ways to a name, which is judged by itself
    {"dill._dill", "_load_type _create_namedtuple _eval_repr _getattr _import_module", kResolves},
    {"dill._dill", "_get_attr", kAttribute},
    {"cloudpickle.cloudpickle", "_builtin_type", kResolves},
    {"dill._dill", "_create_array _create_ftype", kCallsArguments},
    {"cloudpickle.cloudpickle", "_gen_ellipsis _gen_not_implemented"},
};

}  // namespace

std::span<const SafeRow> SafeCallables() { return kRows; }

}  // namespace ringfort::scanners
