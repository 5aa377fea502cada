"""What is heard of a process that dies, whatever it was doing."""

import os
import signal
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection

import pytest

from pipeline.runs.forks import Fork


def read_nothing(pipe: Connection) -> None:
    pipe.send_bytes(b"begun")
    time.sleep(60)


@pytest.fixture
def fork() -> Iterator[Fork]:
    started = Fork(read_nothing)
    yield started
    started.kill()


@pytest.mark.parametrize("unread", [0, 1])
def test_the_end_of_a_process_is_the_end_of_its_messages(unread: int, fork: Fork) -> None:
    """The system resets the pipe of one that had not read everything, and closes that of any other."""
    assert fork.receive(60) == b"begun"
    for _ in range(unread):
        fork.pipe.send_bytes(b"a cell")
    os.kill(fork.pid, signal.SIGKILL)
    with pytest.raises(EOFError):
        fork.receive(60)
    assert fork.status() == -signal.SIGKILL
