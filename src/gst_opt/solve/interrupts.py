"""What stops a solve early: Ctrl-C, `Cancellation.cancel`, or an exception in a callback; the best plan is kept."""

import signal
import threading
import time
from types import FrameType, TracebackType
from typing import Self

PATIENCE_SECONDS = 1.0
"""Ctrl-C again this long after the first one is an ordinary KeyboardInterrupt: whoever presses it wants out."""


class Cancellation:
    """Stops the solves that it was given to, from any thread; they return the best plan that they hold.

    Examples
    --------
    >>> import gst_opt as gst
    >>> stop = gst.Cancellation()
    >>> options = gst.SolveOptions(cancel=stop)
    >>> stop.cancel()
    >>> stop.cancelled
    True
    """

    def __init__(self) -> None:
        self._event = threading.Event()

    def cancel(self) -> None:
        """Stop now; a solve begun later with this object stops at once."""
        self._event.set()

    @property
    def cancelled(self) -> bool:
        """Whether `cancel` was called."""
        return self._event.is_set()


class Interruption:
    """Whether one solve is to stop now, and why; as a context, Ctrl-C stops the solve instead of tearing it apart.

    Only the main thread of a process gets Ctrl-C, and a handler that the host has set is left alone: the
    `KeyboardInterrupt` that it may raise must be caught by whoever waits.

    Attributes
    ----------
    why
        ``KeyboardInterrupt``, ``Cancellation``, or the exception of a callback; None when nothing interrupted.
    """

    def __init__(self, cancel: Cancellation | None = None) -> None:
        self.why: str | None = None
        self._cancel = cancel
        self._pressed_at: float | None = None
        self._handles_signal = False

    def set(self, why: str = "Cancellation") -> None:
        """Stop now; the first reason is kept."""
        self.why = self.why or why

    def is_set(self) -> bool:
        """Say whether to stop."""
        if self.why is None and self._cancel is not None and self._cancel.cancelled:
            self.set()
        return self.why is not None

    def __enter__(self) -> Self:
        in_main_thread = threading.current_thread() is threading.main_thread()
        if in_main_thread and signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            signal.signal(signal.SIGINT, self._pressed)
            self._handles_signal = True
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._handles_signal:
            signal.signal(signal.SIGINT, signal.default_int_handler)

    def _pressed(self, number: int, frame: FrameType | None) -> None:
        now = time.monotonic()
        if self._pressed_at is not None and now > self._pressed_at + PATIENCE_SECONDS:
            raise KeyboardInterrupt
        self._pressed_at = self._pressed_at or now
        self.set(KeyboardInterrupt.__name__)


class Within(Interruption):
    """Whether something within a solve is to stop: when the solve is, or by itself."""

    def __init__(self, solve: Interruption) -> None:
        super().__init__()
        self._solve = solve

    def is_set(self) -> bool:
        """Say whether to stop."""
        if self.why is None and self._solve.is_set():
            self.set(self._solve.why or "")
        return super().is_set()
