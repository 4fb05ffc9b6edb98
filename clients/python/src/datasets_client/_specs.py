"""Datasets as the command line and the plugin name them: NAME, or NAME@REVISION."""

from __future__ import annotations

from datasets_client._refs import parse_pin


def split_spec(spec: str) -> tuple[str, str | None]:
    """Return the name and the revision, tag or time behind the last @; raises ValueError."""
    name, mark, at = spec.rpartition("@")
    if not mark:
        return spec, None
    if not name or not at:
        raise ValueError(f"{spec!r} is neither NAME nor NAME@REVISION.")
    parse_pin(at)
    return name, at
