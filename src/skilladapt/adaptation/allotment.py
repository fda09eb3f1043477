"""How a run's token budget is shared out: equal parts of what is left, and small data is read more often."""

from skilladapt.records import Record


class Allotment(Record):
    """What one instruction round may spend."""

    passes: int
    """Passes over the round's data (`E`)."""
    pass_tokens: int
    """Most non-padding tokens of one pass."""


def allot(left: int, rounds_left: int, data_tokens: int, least_passes: int) -> Allotment:
    """The part of one round in the `left` tokens of a run, shared with the `rounds_left - 1` rounds after it.

    `data_tokens`, above 0, is what one pass over all data that may be trained would take. At least `least_passes`
    are made, over a part of the data if need be; more of them where all the data fits in more often. What a round
    leaves goes to those after it; the last one uses everything up, in one more pass that leaves out some examples.
    """
    part = max(0, left) // rounds_left
    fitting = part // data_tokens if rounds_left > 1 else -(-part // data_tokens)
    passes = max(least_passes, fitting)
    return Allotment(passes=passes, pass_tokens=part // passes)
