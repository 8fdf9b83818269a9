"""What a strategy may use: the lists of docs/strategy.md.  What is not here is refused."""

import types
from collections import Counter, defaultdict, deque
from enum import Enum, IntEnum

import numpy as np


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


CONTRACT = {"Quote", "Book", "Trade", "Fill"}
CONTRACT_FIELDS = _words(
    "time bid ask bid_size ask_size mid position volatility mark index funding_rate side price size"
)
CALLBACKS = {"on_book": 1, "on_trade": 1, "on_fill": 1, "on_timer": 1}

_MATH = (
    "acos acosh asin asinh atan atan2 atanh cbrt ceil comb copysign cos cosh degrees dist e erf erfc "
    "exp exp2 expm1 fabs factorial floor fmod frexp fsum gamma gcd hypot inf isclose isfinite isinf "
    "isnan isqrt lcm ldexp lgamma log log10 log1p log2 modf nan nextafter perm pi pow prod radians "
    "remainder sin sinh sqrt sumprod tan tanh tau trunc ulp"
)
_STATISTICS = (
    "mean fmean geometric_mean harmonic_mean median median_low median_high median_grouped mode "
    "multimode pstdev pvariance stdev variance quantiles covariance correlation linear_regression "
    "NormalDist NormalDist.from_samples StatisticsError"
)
# Elementwise, reductions and small linear algebra.  `empty` shows what memory held before, so it is not here.
_NUMPY = (
    "abs absolute add all allclose amax amin any append arange arccos arccosh arcsin arcsinh arctan "
    "arctan2 arctanh argmax argmin argpartition argsort around array array_equal asarray atleast_1d "
    "atleast_2d average bincount bool_ ceil clip column_stack concatenate convolve copy copysign corrcoef "
    "correlate cos cosh count_nonzero cov cross cumprod cumsum deg2rad delete diag diff digitize divide "
    "dot dtype e ediff1d einsum equal exp exp2 expand_dims expm1 extract eye fabs flip flipud float32 "
    "float64 floating floor floor_divide fmax fmin fmod full full_like geomspace gradient greater "
    "greater_equal heaviside histogram hstack hypot identity inf inner int32 int64 integer interp isclose "
    "isfinite isinf isnan less less_equal linspace log log10 log1p log2 logaddexp logical_and logical_not "
    "logical_or logical_xor logspace lexsort matmul max maximum mean median min minimum mod multiply nan "
    "nan_to_num nanargmax nanargmin nancumsum nanmax nanmean nanmedian nanmin nanpercentile nanprod "
    "nanquantile nanstd nansum nanvar ndarray ndim negative newaxis nextafter nonzero not_equal number "
    "ones ones_like outer partition percentile pi polyder polyfit polyval positive power prod ptp "
    "quantile rad2deg ravel reciprocal remainder repeat reshape rint roll round searchsorted select shape "
    "sign sin sinc sinh size sort sqrt square squeeze stack std subtract sum swapaxes take tan tanh "
    "tensordot tile trace transpose trapezoid tri tril triu true_divide trunc unique unwrap var vdot "
    "vstack where zeros zeros_like add.accumulate add.reduce add.outer multiply.accumulate "
    "multiply.reduce multiply.outer maximum.accumulate maximum.reduce minimum.accumulate minimum.reduce "
    "subtract.outer logical_and.reduce logical_or.reduce linalg.cholesky linalg.cond linalg.det "
    "linalg.eig linalg.eigh linalg.eigvals linalg.eigvalsh linalg.inv linalg.lstsq linalg.matrix_power "
    "linalg.matrix_rank linalg.norm linalg.pinv linalg.qr linalg.slogdet linalg.solve linalg.svd "
    "linalg.LinAlgError"
)
_TYPING = (
    "Annotated Any Callable ClassVar Counter DefaultDict Deque Dict Final FrozenSet Generic Iterable "
    "Iterator List Literal Mapping MutableMapping MutableSequence NamedTuple NewType NoReturn Optional "
    "Protocol Self Sequence Set SupportsFloat SupportsIndex SupportsInt Tuple TypeAlias TypeVar "
    "TypedDict Union cast final"
)
_ABC = (
    "Callable Collection Container Iterable Iterator Mapping MutableMapping MutableSequence Sequence "
    "Set Sized"
)

MODULES: dict[str, frozenset[str]] = {
    "alphaloop.contract": frozenset(CONTRACT),
    "bisect": _words("bisect bisect_left bisect_right insort insort_left insort_right"),
    "collections": _words("deque defaultdict Counter namedtuple"),
    "collections.abc": _words(_ABC),
    "dataclasses": _words("dataclass field replace"),
    "enum": _words("Enum IntEnum StrEnum auto unique"),
    "functools": frozenset({"reduce"}),
    "heapq": _words("heapify heappop heappush heappushpop heapreplace merge nlargest nsmallest"),
    "itertools": _words(
        "accumulate chain islice pairwise takewhile dropwhile zip_longest chain.from_iterable"
    ),
    "math": _words(_MATH),
    "numpy": _words(_NUMPY),
    "statistics": _words(_STATISTICS),
    "typing": _words(_TYPING),
    "__future__": frozenset({"annotations"}),
}

FUNCTIONS = _words(
    "abs all any bool dict divmod enumerate filter float frozenset int isinstance len list map max min next "
    "pow range reversed round set slice sorted str sum super tuple zip"
)
EXCEPTIONS = _words(
    "ArithmeticError AssertionError FloatingPointError IndexError KeyError LookupError NotImplementedError "
    "OverflowError TypeError ValueError ZeroDivisionError StopIteration"
)
BUILTINS = FUNCTIONS | EXCEPTIONS | {"property", "staticmethod", "classmethod", "object"}
BASES = _words(
    "object enum.Enum enum.IntEnum enum.StrEnum typing.NamedTuple typing.Protocol typing.TypedDict "
    "typing.Generic"
)

_COLLECTIONS = (
    "add append appendleft clear copy count difference discard extend extendleft get index "
    "insert intersection isdisjoint issubset issuperset items keys maxlen most_common pop popitem "
    "popleft remove reverse rotate setdefault sort subtract symmetric_difference total union update "
    "values"
)
_TEXTS = (
    "endswith isdigit join lower lstrip removeprefix removesuffix replace rstrip split startswith strip upper"
)
_NUMBERS = "as_integer_ratio bit_length conjugate imag is_integer real"
_ARRAYS = (
    "T all any argmax argmin argpartition argsort astype clip cumprod cumsum diagonal dot fill flatten "
    "item max mean min ndim nonzero prod ptp ravel repeat reshape round searchsorted shape size squeeze "
    "std sum swapaxes take tolist trace transpose var"
)
_RECORDS = (
    "name value _asdict _replace cdf inv_cdf pdf quantiles stdev variance zscore median slope intercept "
    "overlap"
)
METHODS = _words(" ".join((_COLLECTIONS, _TEXTS, _NUMBERS, _ARRAYS, _RECORDS)))
GROWING = _words("add append appendleft extend extendleft insert setdefault update")
SHRINKING = _words("clear discard pop popitem popleft remove")
MUTATING = GROWING | SHRINKING | _words("fill reverse rotate sort subtract")

# Names through which an object shows its machinery.  A strategy that declares one of them could reach the
# machinery under cover of its own attribute, so these stay closed even when declared.
_MACHINERY = (
    types.FrameType,
    types.CodeType,
    types.GeneratorType,
    types.CoroutineType,
    types.AsyncGeneratorType,
    types.TracebackType,
    type,
)
_LIBRARY = (
    *(
        str,
        bytes,
        bytearray,
        memoryview,
        int,
        float,
        list,
        tuple,
        dict,
        set,
        frozenset,
        range,
        slice,
        BaseException,
    ),
    *(
        deque,
        defaultdict,
        Counter,
        Enum,
        IntEnum,
        property,
        np.ndarray,
        np.generic,
        np.ufunc,
        types.SimpleNamespace,
    ),
)
_HARMLESS = _words("base center data end flat index start step stop title width seek")
MACHINERY = frozenset(name for kind in _MACHINERY for name in dir(kind)) - {"close", "send", "throw"}
FOREIGN = frozenset(name for kind in _LIBRARY for name in dir(kind)) - METHODS - _HARMLESS


def is_dunder(name: str) -> bool:
    """Whether Python itself gives a name its meaning."""
    return len(name) > 4 and name.startswith("__") and name.endswith("__")
