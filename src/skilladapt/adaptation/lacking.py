"""What exercises need that the student has not mastered yet."""

from collections.abc import Sequence

from skilladapt.skills.graph import SkillGraph


class Lacking:
    """The skills of a graph that are not mastered, as seen from others.

    Sets of skills are whole numbers here, one bit a skill: in a graph of five thousand, most of which need most of
    those before them, sets of names took two minutes where these take a tenth of a second.
    """

    def __init__(self, graph: SkillGraph, not_mastered: frozenset[str]) -> None:
        """`not_mastered` may name any skills of the graph, all else counts as mastered."""
        self._order = graph.order()
        self._bit = {id: 1 << place for place, id in enumerate(self._order)}
        self._needs: dict[str, int] = {}
        """Everything that a skill needs, directly or not, without itself."""
        for id in self._order:
            needs = 0
            for before in graph.before(id):
                needs |= self._needs[before] | self._bit[before]
            self._needs[id] = needs
        self._not_mastered = sum(self._bit[id] for id in not_mastered)

    def lowest(self, skill_ids: Sequence[str]) -> tuple[str, ...]:
        """What an exercise of these skills needs and lacks: the lowest, which need no other such skill.

        Its own skill, the first, does not count; the others of its skills and all prerequisites of any do. In the
        order of the graph.
        """
        closure = 0
        for id in skill_ids:
            closure |= self._needs[id] | self._bit[id]
        lacking = closure & ~self._bit[skill_ids[0]] & self._not_mastered
        lowest, rest = [], lacking
        while rest:
            lowest_bit = rest & -rest
            id = self._order[lowest_bit.bit_length() - 1]
            if not self._needs[id] & lacking:
                lowest.append(id)
            rest ^= lowest_bit
        return tuple(lowest)
