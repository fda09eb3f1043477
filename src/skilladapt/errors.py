"""The failure policy.

Three kinds of failure, told apart by who can do something about it:

- The person can mend it (a mistake in a file, a missing model): raise `UserError`. The command line prints its
  message alone and exits with 2. Nothing was lost.
- One item failed (a wrong exercise, an undecidable answer): not an exception but a record with a reason. It is
  counted and the run continues.
- The run cannot go on but can be continued later (full disk, no network half-way): raise `RunError`. The command
  line prints its message and exits with 1.

Everything else is a defect of ours: let it crash loudly. A message says what was found, what is needed and what
to do.
"""

from collections.abc import Sequence


class UserError(Exception):
    """A mistake the person can mend; `mistakes` holds all that were found, a sentence each."""

    def __init__(self, *mistakes: str) -> None:
        if not mistakes:
            raise ValueError("a UserError needs at least one mistake")
        self.mistakes: Sequence[str] = mistakes
        super().__init__("\n".join(mistakes))


class RunError(Exception):
    """The run stopped and can be continued with the same command."""
