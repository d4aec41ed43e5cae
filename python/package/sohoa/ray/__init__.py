"""Archives of millions of documents on a Ray cluster: ``python -m sohoa.ray IN OUT``, or :func:`run`.

Needs the extra ``sohoa[ray]``. IN and OUT are folders on any filesystem that pyarrow or fsspec knows (local, ``s3://``, ``hdfs://`` ...); OUT becomes
Parquet tables (``documents``, ``sections``, ``references``, ``tasks``, ``failures``) and JSON Lines (``json``), parted by the folders of IN.
"""

from __future__ import annotations

try:
    from ._job import Summary, run
except ModuleNotFoundError as error:
    if error.name != "pyarrow":
        raise
    raise ImportError("sohoa.ray needs pyarrow and Ray: pip install 'sohoa[ray]'") from None

__all__ = ["Summary", "run"]
