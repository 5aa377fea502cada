"""Being asked to stop: by Ctrl-C, by ``kill`` or a shut-down, by a window that is closed. Imports nothing heavy.

Also how long everybody waits then, in one place, since each waits for those below.
"""

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

STOPPED = 130  # the status of a program that was asked to stop, as a shell tells it: 128 + SIGINT
REQUESTS = ("SIGINT", "SIGTERM", "SIGHUP")  # what asks a program; Windows lacks the last
MOST_HEARD = 2  # the first clears away and the second waits for nobody; one more ends the program as it stands

# How long a process that was asked has to clear away what it has begun, before it is ended: each more than those below
PROCESS_SECONDS = 5.0  # one that makes a part of a report
NOTEBOOKS_SECONDS = 10.0  # the one that has all of these below it
REPORT_SECONDS = 15.0  # a whole report, with its folders on a slow disk
WORKER_SECONDS = 20.0  # the worker of a batch, which may have a report on copies below it
# A worker is asked twice: one request is lost that comes while a process makes a copy of itself, since Python drops
# what hooks of fork raise
WORKER_REQUESTS = 2
LAST_WORD_SECONDS = 5.0  # for one that has not listened and is ended
CLUSTER_SECONDS = WORKER_REQUESTS * WORKER_SECONDS + LAST_WORD_SECONDS + 5.0  # a cluster, which hears of it later


@contextmanager
def stopping_when_asked(tell: Callable[[int], None]) -> Iterator[None]:
    """Let every request to stop end the body as Ctrl-C does, so that nothing that it has started outlives it.

    ``tell`` is called at once, with how often it was asked: a user who sees nothing presses again and again. The second
    request breaks off the waiting for whoever clears away; another one ends the program, and whatever it has started
    ends with it. What the caller has told the system to ignore (``nohup``, ``&``) stays ignored.
    """
    if threading.current_thread() is not threading.main_thread():
        yield  # handlers are the main thread's business, and it is not ours
        return
    heard = 0

    def stop(_number: int, _frame: FrameType | None) -> None:
        nonlocal heard
        heard += 1
        if heard > MOST_HEARD:
            os._exit(STOPPED)
        tell(heard)
        raise KeyboardInterrupt

    numbers = [getattr(signal, name) for name in REQUESTS if hasattr(signal, name)]
    before = {number: signal.getsignal(number) for number in numbers}
    before = {number: handler for number, handler in before.items() if handler not in (None, signal.SIG_IGN)}
    for number in before:
        signal.signal(number, stop)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
