"""Which new exercises are asked for: easy ones composed, hard ones varied, or what hard ones lack practised first.

Every child wished for waits in the queue of its kind and skill. The queues take turns until the update's cap is
reached, so that neither one skill nor one kind uses it up.
"""

from collections import Counter, defaultdict, deque
from collections.abc import Container, Iterable, Mapping, Sequence
from typing import Literal, NamedTuple

from pydantic import Field

from skilladapt.adaptation.lacking import Lacking
from skilladapt.records import Assignment, Exercise, ExerciseKind, Record, content_hash
from skilladapt.skills.graph import SkillGraph

HIGHEST_DIFFICULTY = 5


class UpdateSettings(Record):
    """How much one update may ask for."""

    new_exercises: int = Field(default=24, ge=0)
    """Most exercises asked for in one update, over all assignments."""
    children_per_parent: int = Field(default=2, ge=0)
    """Most children one example may be a parent of, or ask for, in one update."""
    parent_generations: int = Field(default=2, ge=0)
    """Only exercises of a generation below this have children; 2 means fresh ones and their children."""


class Request(Record):
    """An assignment and the examples that led to it."""

    assignment: Assignment
    example_ids: tuple[str, ...]
    """Sorted; the ledger rows with these ids and `action` get its exercises as children."""
    action: Literal["compose", "augment"]


class Wish(NamedTuple):
    """One exercise that would be of use."""

    kind: ExerciseKind
    skill_ids: tuple[str, ...]
    difficulty: int
    parents: tuple[Exercise, ...]
    example_ids: tuple[str, ...]


def plan_requests(
    easy: Mapping[str, Exercise],
    hard: Mapping[str, Exercise],
    graph: SkillGraph,
    *,
    taught: frozenset[str],
    mastered: frozenset[str],
    round: int,
    settings: UpdateSettings,
) -> tuple[Request, ...]:
    """The requests for the exercises a round found `easy` and `hard`, by example id (method, section 5).

    Two easy exercises of neighbouring mastered skills (one directly needs the other, or a third directly needs
    both) become one composed exercise, one step more difficult than the harder of them; it belongs to the later
    skill of the graph's order. A hard exercise gets variants, for which the student's own answer is wanted; but
    while something it needs, directly or not, is `taught` in this run and not `mastered`, fresh exercises of that
    are asked for instead, lowest first, those asked for least so far before others.

    No more than `settings.new_exercises` are asked for in all. The order of the arguments does not matter.
    """
    easy_parents = {id: easy[id] for id in sorted(easy) if easy[id].generation < settings.parent_generations}
    hard_parents = {id: hard[id] for id in sorted(hard) if hard[id].generation < settings.parent_generations}
    wishes = _compositions(easy_parents, graph, mastered, settings)
    wishes += _variants(hard_parents, graph, taught - mastered, settings)
    return merged(_in_turn(wishes, round)[: settings.new_exercises], round)


def _compositions(
    easy: Mapping[str, Exercise], graph: SkillGraph, mastered: frozenset[str], settings: UpdateSettings
) -> list[Wish]:
    """At most as many as the cap admits; each example in no more than `children_per_parent` of them."""
    waiting: dict[str, deque[str]] = defaultdict(deque)
    for id, exercise in easy.items():
        if exercise.skill_ids[0] in mastered and settings.children_per_parent:
            waiting[exercise.skill_ids[0]].append(id)
    pairs = _neighbours(frozenset(waiting), graph)
    uses: Counter[str] = Counter()
    made: set[tuple[str, str]] = set()
    wishes: list[Wish] = []
    while pairs and len(wishes) < settings.new_exercises:
        fruitful = []
        for later, earlier in pairs:
            ids = _first_new(waiting[later], waiting[earlier], made)
            if ids is None:
                continue
            for id, skill_id in zip(ids, (later, earlier), strict=True):
                waiting[skill_id].remove(id)
                uses[id] += 1
                if uses[id] < settings.children_per_parent:
                    waiting[skill_id].append(id)
            made.add(ids)
            fruitful.append((later, earlier))
            wishes.append(_composition(ids, easy))
        pairs = fruitful
    return wishes


def _first_new(
    later: Iterable[str], earlier: Iterable[str], made: Container[tuple[str, str]]
) -> tuple[str, str] | None:
    return next(((one, other) for one in later for other in earlier if (one, other) not in made), None)


def _composition(ids: tuple[str, str], easy: Mapping[str, Exercise]) -> Wish:
    later, earlier = (easy[id] for id in ids)
    return Wish(
        kind="composed",
        skill_ids=tuple(dict.fromkeys(later.skill_ids + earlier.skill_ids)),
        difficulty=min(HIGHEST_DIFFICULTY, max(later.difficulty, earlier.difficulty) + 1),
        parents=(later, earlier),
        example_ids=ids,
    )


def _neighbours(skill_ids: frozenset[str], graph: SkillGraph) -> list[tuple[str, str]]:
    """Pairs (later, earlier) of these skills with an edge between them or a common successor, in graph order."""
    place = {id: place for place, id in enumerate(graph.order())}
    pairs = set()
    for id in skill_ids:
        siblings = frozenset[str]().union(*(graph.before(successor) for successor in graph.after(id)))
        for other in (graph.before(id) | siblings) & skill_ids - {id}:
            pairs.add((max(place[id], place[other]), min(place[id], place[other])))
    ordered = list(place)
    return [(ordered[later], ordered[earlier]) for later, earlier in sorted(pairs)]


def _variants(
    hard: Mapping[str, Exercise], graph: SkillGraph, not_mastered: frozenset[str], settings: UpdateSettings
) -> list[Wish]:
    """`children_per_parent` for each hard exercise: second children queue behind all first ones."""
    lacking = Lacking(graph, not_mastered)
    lowest_of = {skill_ids: lacking.lowest(skill_ids) for skill_ids in {one.skill_ids for one in hard.values()}}
    asked: Counter[str] = Counter()
    wishes = []
    for _ in range(settings.children_per_parent):
        for id, exercise in hard.items():
            lowest = lowest_of[exercise.skill_ids]
            if lowest:
                # Of those asked for equally often the first of the graph.
                first = min(lowest, key=lambda skill_id: asked[skill_id])
                asked[first] += 1
                wishes.append(Wish("fresh", (first,), exercise.difficulty, (), (id,)))
            else:
                wishes.append(Wish("augmented", exercise.skill_ids, exercise.difficulty, (exercise,), (id,)))
    return wishes


def _in_turn(wishes: Sequence[Wish], round: int) -> list[Wish]:
    """Queues by kind and skill, one wish of each at a time; who begins changes from round to round."""
    turns: Counter[tuple[str, str]] = Counter()
    ranked = []
    for place, wish in enumerate(wishes):
        queue = wish.kind, wish.skill_ids[0]
        ranked.append((turns[queue], content_hash("turn", round, *queue), place))
        turns[queue] += 1
    return [wishes[place] for _, _, place in sorted(ranked)]


def merged(wishes: Sequence[Wish], round: int) -> tuple[Request, ...]:
    """Like wishes as one request, with as many exercises as wishes."""
    alike: dict[tuple[object, ...], list[Wish]] = defaultdict(list)
    for wish in wishes:
        parent_ids = wish.example_ids if wish.parents else ()
        alike[(wish.kind, wish.skill_ids, wish.difficulty, parent_ids)].append(wish)
    return tuple(
        Request(
            assignment=Assignment(
                skill_ids=group[0].skill_ids,
                difficulty=group[0].difficulty,
                count=len(group),
                kind=group[0].kind,
                parents=group[0].parents,
                wants_student_answer=group[0].kind == "augmented",
                # Draw 0 wrote the material before the first round; another round asks for others.
                draw=round,
            ),
            example_ids=tuple(sorted({id for wish in group for id in wish.example_ids})),
            action="compose" if group[0].kind == "composed" else "augment",
        )
        for group in alike.values()
    )
