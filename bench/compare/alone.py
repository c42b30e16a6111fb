"""A lock that others who build or measure on the machine take too, held while something is measured."""

import contextlib
import fcntl
import time

LONGEST_S = 240  # then others have their turn


class Alone:
    def __init__(self, path):
        self._file = open(path, "a", encoding="utf-8") if path else None  # pylint: disable=R1732
        self._since = None
        self._depth = 0

    @contextlib.contextmanager
    def measuring(self):
        """What is inside runs without the others; between two such parts the lock is kept unless it was held long."""
        self._depth += 1
        if self._file and self._since is None:
            fcntl.flock(self._file, fcntl.LOCK_EX)
            self._since = time.monotonic()
        try:
            yield
        finally:
            self._depth -= 1
            if self._file and self._depth == 0 and time.monotonic() - self._since > LONGEST_S:
                fcntl.flock(self._file, fcntl.LOCK_UN)
                self._since = None
