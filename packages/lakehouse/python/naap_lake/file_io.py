"""Where the files of a table lie, in a folder or on S3; and access to them that makes files durable before the catalog
points at them.

The event log deletes a segment once the lake has it, so the lake must survive a power cut as well as the log does.
"""

import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType

from pyarrow import NativeFile
from pyarrow.fs import FileSystem
from pyiceberg.io import FileIO
from pyiceberg.io.pyarrow import PyArrowFile, PyArrowFileIO

FSYNCS_AT_ONCE = 16
"""A file system flushes many files in about the time of one, where they are asked for together."""


def place_of(io: FileIO, location: str) -> tuple[FileSystem, str]:
    """The file system of a location that Iceberg names, and the path there."""
    assert isinstance(io, PyArrowFileIO)
    scheme, netloc, path = io.parse_location(location, io.properties)
    return io.fs_by_scheme(scheme, netloc), path


def make_durable(io: FileIO, locations: Iterable[str]) -> None:
    """Flushes written files and their folders to the disk. What S3 has taken is durable."""
    if not isinstance(io, DurableFileIO):
        return
    paths = [place_of(io, location)[1] for location in locations]
    with ThreadPoolExecutor(FSYNCS_AT_ONCE) as pool:
        list(pool.map(fsync_path, paths))
        list(pool.map(fsync_path, {os.path.dirname(path) for path in paths}))


def fsync_path(path: str) -> None:
    """Flushes a file or a directory to the disk."""
    fd = os.open(path, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


class _DurableStream:
    def __init__(self, stream: NativeFile, path: str):
        self._stream = stream
        self._path = path

    def write(self, data: bytes) -> int:
        return self._stream.write(data)

    def close(self) -> None:
        if self._stream.closed:
            return
        self._stream.close()
        fsync_path(self._path)
        fsync_path(os.path.dirname(self._path))

    def __enter__(self) -> "_DurableStream":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class _DurableFile(PyArrowFile):
    def create(self, overwrite: bool = False) -> _DurableStream:
        return _DurableStream(super().create(overwrite), self._path)


class DurableFileIO(PyArrowFileIO):
    """Local files, fsynced when closed. Named by `py-io-impl` in the properties of the catalog."""

    def new_output(self, location: str) -> PyArrowFile:
        file = super().new_output(location)
        return _DurableFile(location, file._path, file._filesystem)
