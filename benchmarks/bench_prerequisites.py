"""How well prerequisites are inferred without a teacher: four tests against stated ones, edges and order hidden.

    python benchmarks/bench_prerequisites.py --syllabi DIR --out benchmarks/results/prerequisites-DATE.md

DIR holds syllabi with stated prerequisites as JSON. What is fitted and tuned on is not reported on: the readiness
links of Prealgebra are for tuning, those of two later books for reporting; grades K-8 of the Coherence Map for
tuning, its high-school part for reporting; for everything else, what Prealgebra and K-8 gave together. Ids, codes,
grades and edges are hidden; sections are shuffled, several times where the order is to be guessed. With a sentence
encoder installed (`skilladapt.models.sentences`) every row of ours has a second one that uses it.

`--scorer module:function` adds rows of another judge, a teacher for one: a function from pairs (before, after) of
skills to numbers in 0..1, asked about the ten candidates that ours ranks highest into each skill. These maps and
books are public: a language model may know them by heart, and a high score of one proves little.
"""

import argparse
import importlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from hidden_syllabi import Hidden, places, read, read_units
from prerequisite_methods import (
    Ours,
    Prediction,
    Vectors,
    domain_below,
    most_alike,
    previous,
    text_vectors,
    tuned,
    whole,
)
from prerequisite_tables import Row, added, first, scores_table, share_forward
from skilladapt.evaluation.edges import Agreement, Edge, agreement, closure
from skilladapt.skills.prerequisites import Scorer

SHUFFLES = 5
SEED = 1
SOCIAL = (
    "openstax_american_government_3e openstax_introduction_political_science openstax_introduction_sociology_3e"
    " openstax_introduction_anthropology openstax_psychology_2e openstax_us_history"
    " openstax_world_history_volume_1 openstax_world_history_volume_2 openstax_principles_economics_3e"
)
OAK = "oak_geography oak_history oak_citizenship"

Method = Callable[[Hidden], Prediction]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--syllabi", type=Path, required=True, help="the folder of the JSON files")
    parser.add_argument("--out", type=Path, help="a Markdown file for the tables")
    parser.add_argument("--scorer", help="module:function, another judge of our candidates")
    parser.add_argument("--no-meaning", action="store_true", help="words only, even with an encoder")
    given = parser.parse_args()
    encoders = {"words": None, "words and meaning": None if given.no_meaning else installed_vectors()}
    scorer = None
    if given.scorer:
        module, _, function = given.scorer.partition(":")
        scorer = getattr(importlib.import_module(module), function)
    bench = Bench(given.syllabi, {kind: v for kind, v in encoders.items() if kind == "words" or v}, scorer)
    bench.say(
        "# Prerequisites inferred without a teacher\n\n`python benchmarks/bench_prerequisites.py --syllabi DIR`\n"
    )
    for test in (bench.readiness, bench.coherence_map, bench.university, bench.social):
        test()
    if given.out:
        given.out.write_text("\n".join(bench.lines) + "\n", encoding="utf-8")


def installed_vectors() -> Vectors | None:
    from skilladapt.models.sentences import find_encoder, load_encoder

    return text_vectors(load_encoder()) if find_encoder() else None


@dataclass
class Bench:
    folder: Path
    vectors: Mapping[str, Vectors | None]
    """By the kind of signals."""
    scorer: Scorer | None

    def __post_init__(self) -> None:
        self.lines: list[str] = []
        self.prealgebra = read(self.folder, "openstax_prealgebra_2e")
        self.map = read(self.folder, "ccss_math_coherence_map")
        self.k8 = self.map.only({id for id, grade in self.map.rank.items() if grade < 9})

    def say(self, line: str) -> None:
        print(line, flush=True)
        self.lines.append(line)

    # --- the four tests ------------------------------------------------------------------------------------

    def readiness(self) -> None:
        self.say("## 1. OpenStax readiness links (tuned on Prealgebra)\n")
        train = [self.prealgebra]
        known = self.tuned(train, ranked=True)
        guessed = self.tuned(train, ranked=False)
        most = best_most(lambda k: whole(most_alike(train[0], k, ranked=True).edges, train[0]).f1)
        later: dict[str, list[dict[str, Row]]] = {"known": [], "hidden": []}
        for name in ("prealgebra", "elementary_algebra", "intermediate_algebra"):
            hidden = read(self.folder, f"openstax_{name}_2e")
            label = f"{name} ({len(hidden.edges)} edges{', tuned on' if name == 'prealgebra' else ''})"
            baselines: dict[str, Method] = {
                "previous section": previous,
                "TF-IDF, 2 earlier": lambda h: most_alike(h, 2, ranked=True),
                f"TF-IDF, {most} earlier (tuned)": lambda h: most_alike(h, most, ranked=True),
            }
            seen = {
                "known": self.table(
                    f"{label}, order known", [hidden.shuffled(SEED)], baselines, ours(known, ranked=True)
                ),
                "hidden": self.table(
                    f"{label}, order hidden", shuffles(hidden), self.blind_baselines(), ours(guessed, ranked=False)
                ),
            }
            if name != "prealgebra":
                for order, rows in seen.items():
                    later[order].append(rows)
        for order, tables in later.items():
            both = {method: Row.joined([rows[method] for rows in tables]) for method in tables[0]}
            baselines_alone = [method for method in both if not method.startswith("**")]
            self.say(scores_table(f"Both later books, order {order}", both, baselines_alone))

    def coherence_map(self) -> None:
        self.say("## 2. Coherence Map, edges into high school (tuned on K-8)\n")
        whole_map = self.map
        upper = {id for id, grade in whole_map.rank.items() if grade == 9}
        self.table(
            f"all {len(whole_map.edges)} edges, baselines alone",
            [whole_map.shuffled(SEED)],
            {**self.grade_baselines(), "previous in the list": self.previous_in_list()},
            {},
        )
        edges = frozenset(edge for edge in whole_map.edges if edge[1] in upper)
        held_out = replace(whole_map, edges=edges)
        title = f"{len(edges)} edges into high school"
        graded, guessed = self.tuned([self.k8], ranked=True), self.tuned([self.k8], ranked=False)

        def touching(edge: Edge) -> bool:
            return edge[0] in upper or edge[1] in upper

        self.table(
            f"{title}, grades known",
            shuffles(held_out),
            {
                **self.grade_baselines(),
                "previous in the list": self.previous_in_list(),
                "TF-IDF, 2 of no higher grade, order by a coin": lambda h: most_alike(
                    h, 2, ranked=True, strict=False
                ),
                "TF-IDF, 2 of no higher grade, order by names": lambda h: most_alike(
                    h, 2, ranked=True, strict=False, by_names=True
                ),
            },
            ours(graded, ranked=True),
            touching,
        )
        self.table(
            f"{title}, order hidden",
            shuffles(held_out),
            self.blind_baselines(),
            ours(guessed, ranked=False),
            touching,
        )

    def university(self) -> None:
        self.say("## 3. Beyond school (fitted on Prealgebra and K-8)\n")
        guessed = self.tuned([self.prealgebra, self.k8], ranked=False)
        hidden = read(self.folder, "metacademy_concepts")
        self.table(
            f"Metacademy ({len(hidden.edges)} edges), order hidden",
            shuffles(hidden),
            self.blind_baselines(),
            ours(guessed, ranked=False),
        )
        self.order_table(
            "Active Calculus", [read(self.folder, "active_calculus_single", "cross_references")], guessed
        )

    def social(self) -> None:
        self.say("## 4. Social studies (fitted on Prealgebra and K-8)\n")
        both = [self.prealgebra, self.k8]
        guessed, known = self.tuned(both, ranked=False), self.tuned(both, ranked=True)
        books = [read(self.folder, name, "cross_references") for name in SOCIAL.split()]
        units = [read_units(self.folder, name) for name in OAK.split()]
        self.order_table("OpenStax books", books, guessed)
        self.order_table("Oak units, by school year", units, guessed)
        for hidden in units:
            title = f"{hidden.name} ({len(hidden.edges)} progression edges)"
            self.table(
                f"{title}, order hidden", shuffles(hidden), self.blind_baselines(), ours(guessed, ranked=False)
            )
            years: dict[str, Method] = {
                "TF-IDF, 2 of smaller year": lambda h: most_alike(h, 2, ranked=True),
                "TF-IDF, 2 of no higher year, order by a coin": lambda h: most_alike(
                    h, 2, ranked=True, strict=False
                ),
            }
            self.table(f"{title}, years known", shuffles(hidden), years, ours(known, ranked=True))
        economics = books[-1]
        self.table(
            f"Economics ({len(economics.edges)} cross-references), order known",
            [economics.shuffled(SEED)],
            {"previous section": previous, "TF-IDF, 2 earlier": lambda h: most_alike(h, 2, ranked=True)},
            ours(known, ranked=True),
        )

    # --- methods -------------------------------------------------------------------------------------------

    def tuned(self, train: Sequence[Hidden], *, ranked: bool) -> dict[str, Ours]:
        """Ours by words, by words and meaning, and judged by the scorer."""
        found = {}
        for kind, vectors in self.vectors.items():
            found[kind] = tuned([hidden.shuffled(SEED) for hidden in train], vectors, ranked=ranked)
            order = "known" if ranked else "hidden"
            self.say(f"Fitted by {kind}, order {order}: `{found[kind].weights!r}`; {found[kind].choice}.\n")
        if self.scorer:
            found["the scorer"] = replace(found[max(found, key=len)], scorer=self.scorer)
        return found

    def blind_baselines(self) -> dict[str, Method]:
        found: dict[str, Method] = {
            "TF-IDF, 2 likest, order by a coin": lambda h: most_alike(h, 2, ranked=False, strict=False),
            "TF-IDF, 2 likest, order by names": lambda h: most_alike(
                h, 2, ranked=False, strict=False, by_names=True
            ),
        }
        if vectors := self.vectors.get("words and meaning"):
            found["meaning, 2 likest, order by names"] = lambda h: most_alike(
                h, 2, ranked=False, strict=False, by_names=True, vectors=vectors
            )
        return found

    def grade_baselines(self) -> dict[str, Method]:
        return {
            "TF-IDF, 1 of a lower grade": lambda h: most_alike(h, 1, ranked=True),
            "TF-IDF, 3 of a lower grade": lambda h: most_alike(h, 3, ranked=True),
            "same domain, one grade below": domain_below,
        }

    def previous_in_list(self) -> Method:
        listed = places(self.folder, "ccss_math_coherence_map")
        return lambda hidden: previous(replace(hidden, rank=listed))

    # --- tables --------------------------------------------------------------------------------------------

    def table(
        self,
        title: str,
        seen: Sequence[Hidden],
        baselines: Mapping[str, Method],
        of_ours: Mapping[str, Method],
        counts: Callable[[Edge], bool] = lambda edge: True,
    ) -> dict[str, Row]:
        """Every method on every shuffle; counts are added up over shuffles, and resampled by skill."""
        units = sorted(seen[0].rank)
        stated = set(filter(counts, seen[0].edges))
        stated_closure = set(filter(counts, closure(seen[0].edges)))
        rows = {}
        for name, method in {**baselines, **of_ours}.items():
            predictions = [method(hidden) for hidden in seen]

            def total(
                edges: Callable[[Prediction], Iterable[Edge]], of: set[Edge], every=predictions
            ) -> Agreement:
                return added(agreement(set(filter(counts, edges(each))), of, units) for each in every)

            rows[name] = Row(
                total(lambda each: each.edges, stated),
                total(lambda each: closure(each.edges), stated_closure),
                {most: total(lambda each, most=most: first(each, most), stated) for most in (1, 3, 5)},
            )
        self.say(scores_table(title, rows, list(baselines)))
        return rows

    def order_table(self, title: str, syllabi: Sequence[Hidden], guessed: Mapping[str, Ours]) -> None:
        """The share of predicted edges that do not run backwards; edges between equal ranks tell nothing."""
        self.say(f"### {title}: do predicted edges run forwards? Order hidden, chance 0.5\n")
        self.say("| method | edges that tell | forwards (95%) | the surest quarter | each |")
        self.say("| --- " * 5 + "|")
        for name, method in {**self.blind_baselines(), **ours(guessed, ranked=False)}.items():
            steps, surest, each = [], [], []
            for hidden in syllabi:
                edges = method(hidden.shuffled(SEED)).edges
                here = [hidden.rank[after] - hidden.rank[before] for before, after in edges]
                steps += here
                surest += here[: len(here) // 4]
                each.append(f"{hidden.name.removeprefix('openstax_')} {share_forward(here)[0]:.2f}")
            share, low, high = share_forward(steps)
            told = sum(step != 0 for step in steps)
            quarter = "{:.2f} ({:.2f}-{:.2f})".format(*share_forward(surest)) if name.startswith("**") else ""
            self.say(f"| {name} | {told} | {share:.2f} ({low:.2f}-{high:.2f}) | {quarter} | {', '.join(each)} |")
        self.say("")


def ours(by_kind: Mapping[str, Ours], *, ranked: bool) -> dict[str, Method]:
    return {
        f"**ours, {kind}**": (lambda hidden, method=method: method.predict(hidden, ranked=ranked))
        for kind, method in by_kind.items()
    }


def shuffles(hidden: Hidden) -> list[Hidden]:
    return [hidden.shuffled(SEED + number) for number in range(SHUFFLES)]


def best_most(f1: Callable[[int], float]) -> int:
    return max((1, 2, 3, 4), key=f1)


if __name__ == "__main__":
    main()
