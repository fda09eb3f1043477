"""What one service understands of the format, found out by asking it and remembered."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from skilladapt.teachers.teacher import Request
from skilladapt.teachers.wire import OPTIONAL, OTHER_NAME, body_of

TRIED_ALONE = "response_format"
"""Asked for by one call first, while others with it wait; the other fields may be tried by all at once."""


class Dialect:
    """Fields that a service accepts and those that it refuses."""

    def __init__(self) -> None:
        self.refused: frozenset[str] = frozenset()
        self._accepted: set[str] = set()
        self._trying = asyncio.Lock()

    def knows_all_of(self, request: Request) -> bool:
        """Whether nothing has to be found out before it is asked."""
        return request.reply_schema is None or self._knows_schemas

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Waits while another call finds out whether the service offers a schema; if it did not, this one does."""
        async with self._trying:
            if not self._knows_schemas:
                yield
                return
        yield

    def body(self, request: Request, model: str, left_out: frozenset[str]) -> bytes:
        """The body of a call without `left_out` and what is known to be refused."""
        return json.dumps(body_of(request, model, self.refused | left_out)).encode()

    def suspect(self, request: Request, message: str, left_out: frozenset[str]) -> str | None:
        """The field to leave out next when the service said `message` to a bad request; None: it is not that.

        What was accepted before is refused for its value, which is the request's own fault.
        """
        body = body_of(request, "", self.refused | left_out)
        asked = [field for field in OPTIONAL if field in body and field not in self._accepted]
        named = [field for field in asked if re.search(rf"\b{field}\b", message)]
        unnamed = [field for field in asked if field not in OTHER_NAME]
        return next(iter(named + unnamed), None)

    def learn(self, request: Request, left_out: frozenset[str]) -> None:
        """A call without `left_out` went through."""
        self._accepted |= body_of(request, "", self.refused | left_out).keys()
        self.refused |= left_out - self._accepted

    @property
    def _knows_schemas(self) -> bool:
        return TRIED_ALONE in self._accepted or TRIED_ALONE in self.refused
