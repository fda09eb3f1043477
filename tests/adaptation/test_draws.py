import numpy as np
import pyarrow as pa

from skilladapt.adaptation.draws import draw, keys_of
from skilladapt.records import content_hash


def test_the_key_of_a_hashed_id_is_its_digits() -> None:
    ids = ("e00000000000000ff", "p0123456789abcdef", "effffffffffffffff")
    assert keys_of(ids).tolist() == [0xFF, 0x0123456789ABCDEF, 2**64 - 1]
    assert keys_of(pa.array(ids)).tolist() == keys_of(ids).tolist()


def test_the_key_of_any_other_text_is_its_hash() -> None:
    others = ["short", "e00000000000000fF", "e0000000000000000ff", "eäöü0000000000000", "e000000000000000g"]
    assert keys_of(others).tolist() == [int(content_hash(id), 16) for id in others]
    assert keys_of(["short", "e00000000000000ff"]).tolist() == [int(content_hash("short"), 16), 0xFF]
    assert keys_of(()).size == 0


def test_a_draw_is_the_same_for_a_key_whatever_else_is_drawn() -> None:
    key_E = keys_of([content_hash(number) for number in range(100)])
    drawn_E = draw(key_E, "fill", 1, 2)
    assert draw(key_E[::-1], "fill", 1, 2).tolist() == drawn_E[::-1].tolist()
    assert draw(key_E[:3], "fill", 1, 2).tolist() == drawn_E[:3].tolist()
    assert len(set(drawn_E.tolist())) == 100


def test_other_purposes_and_seeds_give_other_orders() -> None:
    # Keys that are small numbers, in order: the mixing alone has to scatter them.
    key_E = np.arange(10_000, dtype=np.uint64)
    orders = [np.argsort(np.argsort(draw(key_E, *what))) for what in (("a", 1), ("a", 2), ("b", 1))]
    for first, second in ((0, 1), (0, 2), (1, 2)):
        assert abs(np.corrcoef(orders[first], orders[second])[0, 1]) < 0.05
    assert abs(np.corrcoef(orders[0], key_E)[0, 1]) < 0.05
