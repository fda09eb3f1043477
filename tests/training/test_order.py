import random

from training_builders import example, page, planted

from skilladapt.training.order import item_id, order_examples

SKILLS = ["constants", "power-rule", "sum-rule"]


def mixed():
    items = [example(10 * s + d, skill, difficulty=d) for s, skill in enumerate(SKILLS) for d in (1, 2, 3)]
    items += [page(skill) for skill in SKILLS] + [planted(50, "power-rule", difficulty=2)]
    random.Random(1).shuffle(items)
    return items


def blocks(items):
    return [
        (item.skill_id, getattr(getattr(item, "material", getattr(item, "exercise", None)), "difficulty", 0))
        for item in items
    ]


def test_graph_order_goes_skill_by_skill_pages_first_then_easy_to_hard():
    assert blocks(order_examples(mixed(), SKILLS)) == [
        *(("constants", d) for d in (0, 1, 2, 3)),
        *(("power-rule", d) for d in (0, 1, 2, 2, 3)),
        *(("sum-rule", d) for d in (0, 1, 2, 3)),
    ]


def test_reverse_order_is_the_same_from_hard_to_easy():
    forward = blocks(order_examples(mixed(), SKILLS))
    assert blocks(order_examples(mixed(), SKILLS[::-1], "reverse")) == forward[::-1]


def test_random_order_mixes_all_blocks_and_follows_the_seed():
    items = mixed()
    first = order_examples(items, SKILLS, "random", seed=1)
    assert sorted(map(item_id, first)) == sorted(map(item_id, items))
    assert blocks(first) != sorted(blocks(first))
    assert first == order_examples(items[::-1], SKILLS, "random", seed=1)
    assert first != order_examples(items, SKILLS, "random", seed=2)


def test_within_a_block_the_order_is_random_but_survives_additions():
    items = [example(index) for index in range(12)]
    ordered = order_examples(items, SKILLS, seed=3)
    assert ordered != items and ordered != order_examples(items, SKILLS, seed=4)
    assert [one for one in order_examples([*items, example(40)], SKILLS, seed=3) if one in items] == ordered


def test_replayed_examples_are_spread_over_the_whole_pass_and_the_rest_keeps_its_order():
    items = [example(index, SKILLS[index // 30]) for index in range(90)]
    replay = {item_id(item) for item in items[:30]}
    ordered = order_examples(items, SKILLS, seed=5, replay=replay)
    assert len(ordered) == 90
    rest = [item for item in ordered if item_id(item) not in replay]
    assert rest == order_examples(items[30:], SKILLS, seed=5)
    places = [place for place, item in enumerate(ordered) if item_id(item) in replay]
    assert [sum(start <= place < start + 30 for place in places) > 4 for start in (0, 30, 60)] == [True] * 3


def test_a_pass_of_nothing_but_replay_and_an_empty_pass_are_fine():
    items = [example(index) for index in range(3)]
    assert len(order_examples(items, SKILLS, replay={item_id(item) for item in items})) == 3
    assert order_examples([], SKILLS) == []
