"""What a definition says in words. For the author's side only; the verifier reads the formula."""

from skilladapt.domains.operations.definitions import Definition, NewDigit

_DIGITS = {"a": "the tens digit", "b": "the units digit"}


def in_words(definition: Definition) -> str:
    """The definition as part of a sentence, such as `first blick, then drom`."""
    if definition.digits:
        tens, units = definition.digits
        return f"the new tens digit is {_of(tens)}, and the new units digit is {_of(units)}"
    outer, inner = definition.parts or ("", "")
    return f"first {inner}, then {outer}"


def _of(digit: NewDigit) -> str:
    source = _DIGITS[digit.of]
    if digit.factor == 1 and not digit.plus:
        return source
    times = f"{digit.factor} times " if digit.factor > 1 else ""
    plus = f" plus {digit.plus}" if digit.plus else ""
    return f"the last digit of {times}{source}{plus}"
