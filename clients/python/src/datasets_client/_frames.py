"""Items as data frames and Hugging Face datasets; the libraries are extras."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from datasets_client._item import ItemValues

if TYPE_CHECKING:
    import datasets
    import pandas

COLUMNS = (
    "id", "input", "output", "metadata", "ref_trace_id", "ref_timestamp", "ref_source_id", "created_at", "updated_at",
)  # fmt: skip
JSON_COLUMNS = ("input", "output", "metadata")


def columns_of(items: Iterable[ItemValues], *, as_text: bool = False) -> dict[str, list[Any]]:
    """Return the columns; with as_text, input, output and metadata are JSON texts."""
    columns: dict[str, list[Any]] = {name: [] for name in COLUMNS}
    for item in items:
        for name, values in columns.items():
            values.append(item.raw[name] if as_text and name in JSON_COLUMNS else getattr(item, name))
    return columns


def to_pandas(items: Iterable[ItemValues]) -> pandas.DataFrame:
    """Return a data frame; input, output and metadata keep their Python values."""
    try:
        import pandas as pd  # noqa: PLC0415  an extra
    except ImportError:
        raise ImportError("to_pandas() needs pandas: pip install pandas") from None
    columns = columns_of(items)
    objects = {name: pd.Series(columns[name], dtype=object) for name in JSON_COLUMNS}
    return pd.DataFrame({**columns, **objects}, columns=list(COLUMNS))


def to_hf(items: Iterable[ItemValues], *, as_text: bool = False) -> datasets.Dataset:
    """Return a Hugging Face dataset; with as_text, JSON values of differing types stay JSON texts."""
    try:
        import datasets as hf  # noqa: PLC0415  an extra
        import pyarrow  # noqa: PLC0415
    except ImportError:
        raise ImportError("to_hf() needs datasets: pip install datasets") from None
    try:
        return hf.Dataset.from_dict(columns_of(items, as_text=as_text))
    except pyarrow.ArrowInvalid as error:
        raise TypeError(
            f"The items' values differ in type, which Arrow cannot hold: {error}. Call to_hf(as_text=True) to have"
            " input, output and metadata as JSON texts."
        ) from None
