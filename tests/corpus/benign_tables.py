"""pandas, Arrow and Polars tables."""

import datetime

import numpy as np
import pandas as pd

from shelf import Maker


def families():
    return (frames, scalars, files, other_tables)


def example():
    return pd.DataFrame({"i": range(5), "f": np.linspace(0, 1, 5), "s": list("abcde"), "b": [True, False] * 2 + [True],
                         "t": pd.date_range("2024-01-01", periods=5), "c": pd.Categorical(list("xyxyx"))})


def frames(shelf):
    frame = example()
    shelf.pickles("pandas", {
        "frame": frame, "series": frame["f"], "series_text": frame["s"], "empty": pd.DataFrame(), "range_index": pd.RangeIndex(3), "index": pd.Index(list("abc"), name="letters"),
        "multi_index": pd.MultiIndex.from_product([[1, 2], ["a", "b"]]), "multi_frame": frame.set_index(["i", "s"]), "multi_columns": frame[["i", "f"]].T,
        "datetime_index": Maker(lambda: pd.date_range("2020", periods=4, freq="D")), "business_days": Maker(lambda: pd.bdate_range("2020-01-01", periods=4)),
        "month_starts": Maker(lambda: pd.date_range("2020", periods=4, freq="MS")), "datetime_zone": Maker(lambda: pd.date_range("2020", periods=3, tz="Europe/Dublin")),
        "datetime_utc": Maker(lambda: pd.Series(pd.date_range("2020", periods=3, tz="UTC"))), "datetime_offset": Maker(lambda: pd.to_datetime(["2020-01-01T00:00+05:30"])),
        "period_index": Maker(lambda: pd.period_range("2020", periods=3, freq="M")), "period_series": Maker(lambda: pd.Series(pd.period_range("2020", periods=3, freq="D"))),
        "timedelta_index": Maker(lambda: pd.timedelta_range("1D", periods=3)), "interval_index": Maker(lambda: pd.interval_range(0, 3)), "cut": Maker(lambda: pd.cut(frame["f"], 3)),
        "categorical": frame["c"], "categorical_ordered": Maker(lambda: pd.Categorical(["lo", "hi"], ["lo", "hi"], ordered=True)), "categorical_index": pd.CategoricalIndex(list("aab")),
        "nullable_integer": Maker(lambda: pd.array([1, None], dtype="Int64")), "nullable_boolean": Maker(lambda: pd.array([True, None], dtype="boolean")),
        "nullable_float": Maker(lambda: pd.array([1.5, None], dtype="Float64")), "nullable_frame": Maker(lambda: frame.convert_dtypes()),
        "string_array": Maker(lambda: pd.array(["a", None], dtype="string")), "string_series": Maker(lambda: pd.Series(["a", None], dtype="string")),
        "string_python": Maker(lambda: pd.Series(["a", None], dtype="string[python]")), "string_str": Maker(lambda: pd.Series(["a", None], dtype="str")),
        "sparse": Maker(lambda: pd.arrays.SparseArray([0, 0, 1])), "sparse_frame": Maker(lambda: pd.DataFrame({"a": pd.arrays.SparseArray([0, 1])})),
        "described": frame.describe(), "mixed_blocks": frame.assign(z=1.0, y=2), "float_index": pd.Index([1.5, 2.5]), "renamed": frame.rename_axis("rows"),
        "object_column": pd.DataFrame({"o": [[1], {"a": 2}, None]}), "object_dates": pd.Series([datetime.date(2020, 1, 1), datetime.datetime(2020, 1, 1)], dtype=object),
        "arrow_string": Maker(lambda: pd.Series(["a", "b"], dtype="string[pyarrow]")), "arrow_integer": Maker(lambda: pd.Series([1, 2], dtype="int64[pyarrow]")),
        "arrow_frame": Maker(lambda: frame.convert_dtypes(dtype_backend="pyarrow")), "attributes": Maker(lambda: with_attributes(frame)), "index_dtype": pd.Index([1, 2], dtype="int8"),
        "grouping": Maker(lambda: frame.groupby("c", observed=True)["f"].agg(["mean", "std"])), "pivot": Maker(lambda: frame.pivot_table(index="c", values="f", observed=True)),
        "flags": Maker(lambda: frame.set_flags(allows_duplicate_labels=False)), "frame_of_frames": {"train": frame, "test": frame.head(2)}, "numpy_array": Maker(lambda: pd.arrays.NumpyExtensionArray(np.arange(3))),
        "rolling": Maker(lambda: frame["f"].rolling(2)), "resampled": Maker(lambda: frame.set_index("t")["f"].resample("2D").mean()), "grouper": Maker(lambda: pd.Grouper(key="t", freq="D")),
    }, (2, 4, 5))
    shelf.pickles("pandas", {"frame_first": frame, "series_first": frame["f"], "multi_first": frame.set_index(["i", "s"])}, (0, 1))


def with_attributes(frame):
    copy = frame.copy()
    copy.attrs["source"] = "survey"
    return copy


def scalars(shelf):
    shelf.pickles("pandas", {
        "timestamp": pd.Timestamp("2020-02-02 02:02"), "timestamp_zone": pd.Timestamp("2020-02-02", tz="UTC"), "timestamp_named_zone": Maker(lambda: pd.Timestamp("2020-02-02", tz="Europe/Dublin")),
        "timedelta": pd.Timedelta("3h"), "period": Maker(lambda: pd.Period("2020-03", "M")), "interval": pd.Interval(0, 1), "nat_na": Maker(lambda: [pd.NaT, pd.NA]),
        "offsets": Maker(lambda: [pd.offsets.MonthEnd(), pd.offsets.BDay(2), pd.offsets.Week(weekday=1), pd.offsets.Hour(3), pd.offsets.QuarterEnd(), pd.offsets.YearBegin(), pd.offsets.Minute(5)]),
        "offset_more": Maker(lambda: [pd.offsets.DateOffset(months=2), pd.offsets.CustomBusinessDay(holidays=["2020-01-01"]), pd.offsets.BusinessHour(), pd.offsets.Easter(), pd.offsets.SemiMonthEnd()]),
        "dtypes": Maker(lambda: [pd.CategoricalDtype(["a", "b"]), pd.DatetimeTZDtype(tz="UTC"), pd.PeriodDtype("M"), pd.IntervalDtype("int64"), pd.SparseDtype("f8")]),
        "dtypes_nullable": Maker(lambda: [pd.Int8Dtype(), pd.UInt32Dtype(), pd.Float32Dtype(), pd.BooleanDtype(), pd.StringDtype()]), "frame_types": [pd.DataFrame, pd.Series, pd.Timestamp],
        "parser_error": Maker(lambda: pd.errors.ParserError("bad line")), "frame_dtypes": example().dtypes, "functions": [pd.isna, pd.to_numeric, pd.concat],
    }, (2, 4, 5))


def files(shelf):
    frame = example()
    for compression in ("gzip", "bz2", "xz", "zip", "zstd", "tar"):
        shelf.attempt("pandas", "frame.{}.pkl".format(compression), lambda: frame.to_pickle(str(shelf.place("pandas", "frame.{}.pkl".format(compression))), compression=compression))
    shelf.attempt("tables", "frame.h5", lambda: frame[["i", "f"]].to_hdf(str(shelf.place("tables", "frame.h5")), key="frame"))
    shelf.attempt("tables", "frame.parquet", lambda: frame.to_parquet(str(shelf.place("tables", "frame.parquet"))))
    shelf.attempt("tables", "frame.feather", lambda: frame.to_feather(str(shelf.place("tables", "frame.feather"))))
    shelf.attempt("tables", "frame.csv", lambda: frame.to_csv().encode())
    shelf.attempt("tables", "frame.json", lambda: frame.to_json().encode())


def other_tables(shelf):
    import pyarrow as pa
    shelf.pickles("arrow", {
        "array": Maker(lambda: pa.array([1, None, 3])), "text": Maker(lambda: pa.array(["a", "bc"])), "table": Maker(lambda: pa.table({"a": [1, 2], "b": ["x", None]})),
        "batch": Maker(lambda: pa.RecordBatch.from_pydict({"a": [1]})), "schema": Maker(lambda: pa.schema([("a", pa.int64()), ("b", pa.list_(pa.string()))])), "scalar": Maker(lambda: pa.scalar(3)),
        "dictionary": Maker(lambda: pa.array(["a", "b", "a"]).dictionary_encode()), "chunked": Maker(lambda: pa.chunked_array([[1], [2]])), "buffer": Maker(lambda: pa.py_buffer(b"abc")),
        "types": Maker(lambda: [pa.timestamp("us", "UTC"), pa.decimal128(9, 2), pa.struct([("a", pa.int8())]), pa.map_(pa.string(), pa.int8())]), "field": Maker(lambda: pa.field("a", pa.int8())),
    }, (4, 5))
    import polars as pl
    table = pl.DataFrame({"a": [1, 2], "b": ["x", None], "c": [datetime.date(2020, 1, 1)] * 2})
    shelf.pickles("polars", {"frame": table, "series": table["a"], "schema": Maker(lambda: table.schema),
                             "types": Maker(lambda: [pl.Int64, pl.String, pl.Datetime("us"), pl.List(pl.Int8), pl.Categorical()])}, (4, 5))
