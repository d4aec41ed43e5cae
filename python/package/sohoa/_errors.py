"""What can go wrong, named after the stage where it did."""

from __future__ import annotations


class SohoaError(Exception):
    """A document or a text that came to nothing. ``str()`` says what is wrong and what to do about it.

    ``reason`` is the stable name that ledger and log of the command line use: ``input``, ``dependency``, ``crash``,
    ``deadline``, ``output``, ``internal``; ``dictionaries`` or ``start`` where nothing could begin.
    """

    reason: str

    def __init__(self, message: str, reason: str = "internal") -> None:
        super().__init__(message, reason)
        self.reason = reason

    def __str__(self) -> str:
        return str(self.args[0])


class IngestError(SohoaError):
    """It cannot be opened or decoded as what it claims to be, or exceeds a limit."""


class RecogniseError(SohoaError):
    """Its images cannot be recognised, or no recognition model is installed (``reason == "dependency"``)."""


class RestoreError(SohoaError):
    """The dictionaries, or words of one's own, cannot be used."""


class EmitError(SohoaError):
    """Something could not be written."""


class BatchError(SohoaError):
    """The worker processes that read it died, or could not be started."""


class DeadlineError(BatchError, TimeoutError):
    """A page or the document took longer than it may."""


class InternalError(SohoaError):
    """A bug in sohoa: please report it with the document."""
