"""Keep a few child processes running together: all of them, or none."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from types import FrameType

POLL = 0.2


class Stop:
    """Turned on by Ctrl-C, by SIGTERM, and by the terminal's closing."""

    def __init__(self) -> None:
        self.asked = False

    def listen(self) -> None:
        """Take the signals over; the main thread only."""
        for name in ("SIGINT", "SIGTERM", "SIGHUP"):
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), self._ask)

    def _ask(self, number: int, frame: FrameType | None) -> None:
        self.asked = True


def start(commands: Mapping[str, list[str]]) -> dict[str, subprocess.Popen[bytes]]:
    """Start each command in a session of its own, so that Ctrl-C reaches the supervisor alone."""
    return {
        name: subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True)
        for name, command in commands.items()
    }


def ended(children: Mapping[str, subprocess.Popen[bytes]]) -> str:
    """The name of a child that has ended, or an empty text."""
    return next((name for name, child in children.items() if child.poll() is not None), "")


def watch(children: Mapping[str, subprocess.Popen[bytes]], stop: Stop) -> str:
    """Wait until a stop is asked for (empty text) or a child ends (its name)."""
    while not stop.asked:
        if name := ended(children):
            return name
        time.sleep(POLL)
    return ""


def wait_until(ready: Callable[[], bool], children: Mapping[str, subprocess.Popen[bytes]], stop: Stop) -> bool:
    """Wait for `ready`; false when a child ended or a stop was asked for before it."""
    while not ready():
        if stop.asked or ended(children):
            return False
        time.sleep(POLL)
    return True


def end(children: Mapping[str, subprocess.Popen[bytes]], *, grace: float) -> None:
    """Ask all children to end, give them `grace` seconds together, then end them with what they started."""
    for child in children.values():
        _signal(child, signal.SIGTERM, whole_group=False)
    limit = time.monotonic() + grace
    for child in children.values():
        try:
            child.wait(max(0.0, limit - time.monotonic()))
        except subprocess.TimeoutExpired:
            _signal(child, signal.SIGKILL, whole_group=True)
            child.wait()


def _signal(child: subprocess.Popen[bytes], number: signal.Signals, *, whole_group: bool) -> None:
    if child.poll() is not None:
        return
    try:
        os.killpg(child.pid, number) if whole_group else child.send_signal(number)
    except ProcessLookupError:
        return
