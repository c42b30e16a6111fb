"""How many requests of a run came in time, by the server's own count."""

import threading
import time

GRACE_S = 0.1  # for what was sent at the end, and for what the host held up just then
LOOK_EVERY_S = 0.01


class CountWithin(threading.Thread):
    """nginx's count a tenth of a second after the end of a run, which begins with its first request: tools need up to
    seconds to start, and some send late what they could not send in time. Asks while none has come, and once more; an
    answer that comes late, since this shares nginx's core, counts for no more than the time it was asked for."""

    def __init__(self, nginx, seconds):
        super().__init__(daemon=True)
        self.requests = 0
        self._nginx, self._seconds = nginx, seconds
        self._ended = threading.Event()

    def __enter__(self):
        self._own = self._nginx.requests()
        self.start()
        return self

    def __exit__(self, *_):
        self._ended.set()
        self.join()

    def run(self):
        begin = time.monotonic()
        while not self._others() and not self._ended.wait(LOOK_EVERY_S):
            begin = time.monotonic()
        ended = self._ended.wait(max(begin + self._seconds + GRACE_S - time.monotonic(), 0))
        requests = self._others()
        late = 1 if ended else (time.monotonic() - begin) / (self._seconds + GRACE_S)
        self.requests = requests / max(late, 1)

    def _others(self):
        """Without this question and those before it."""
        self._own += 1
        return self._nginx.requests() - self._own
