"""A made-up run, the same every time: two rounds of differentiating, half-plausible numbers in every table."""

import math
import random
from pathlib import Path
from typing import Any

from skilladapt import tables
from skilladapt.records import (
    Action,
    Answer,
    Calibration,
    Evidence,
    Exercise,
    LossHistory,
    Prerequisite,
    Score,
    Skill,
    Textbook,
    Verdict,
)
from skilladapt.skills.graph import SkillGraph
from skilladapt.store import RunDirectory

TITLES = {
    "Evaluating powers": [],
    "Signed integers": [],
    "Exponent laws": ["Evaluating powers"],
    "Monomials": ["Evaluating powers", "Signed integers"],
    "Like terms": ["Monomials"],
    "Expanding products": ["Like terms", "Exponent laws"],
    "Evaluating polynomials": ["Evaluating powers", "Signed integers"],
    "Function values": ["Evaluating polynomials"],
    "Composing functions": ["Function values", "Expanding products"],
    "Inner and outer function": ["Composing functions"],
    "Constant rule": ["Function values"],
    "Power rule": ["Exponent laws", "Constant rule"],
    "Constant multiple": ["Power rule"],
    "Sum rule": ["Constant multiple", "Like terms"],
    "Differentiating polynomials": ["Sum rule"],
    "Negative exponents": ["Power rule"],
    "Product rule": ["Differentiating polynomials", "Expanding products"],
    "Chain rule": ["Differentiating polynomials", "Inner and outer function"],
    "Product with chain": ["Product rule", "Chain rule"],
    "Derivative at a point": ["Differentiating polynomials", "Evaluating polynomials"],
    "Slope of a tangent": ["Derivative at a point"],
    "Second derivative": ["Differentiating polynomials"],
    "Higher chains": ["Product with chain"],
    "Curve sketching": ["Slope of a tangent", "Second derivative"],
}
UNTAUGHT = "Curve sketching"


def slug(title: str) -> str:
    return title.lower().replace(" ", "-")


def graph() -> SkillGraph:
    skills = [
        Skill(id=slug(title), title=title, description=f"Can do {title.lower()}.", part_of="Differentiating")
        for title in TITLES
    ]
    edges = [
        Prerequisite(
            before=slug(before),
            after=slug(after),
            evidence=(Evidence(source="syllabus", where=f"syllabus.md:{i}"),),
        )
        for i, (after, needs) in enumerate(TITLES.items())
        for before in needs
    ]
    return SkillGraph(skills, edges)


def exercise(
    skill_id: str, index: int, kind: str = "fresh", parents: tuple[Exercise, ...] = (), rng: Any = random
) -> Exercise:
    a, n = rng.randint(2, 9), rng.randint(2, 9)
    title = next(title for title in TITLES if slug(title) == skill_id)
    return Exercise(
        skill_ids=(skill_id, *(p.skill_ids[0] for p in parents)),
        question=f"Differentiate f(x) = {a}x^{n} + {index}x.",
        solution=f"{title}: d/dx [{a}x^{n}] = {n}*{a}x^{n - 1}\n{title}: d/dx [{index}x] = {index}",
        step_skills=(skill_id, skill_id),
        answer=f"{a * n}x^{n - 1} + {index}",
        answer_type="expression",
        difficulty=1 + index % 5,
        kind=kind,
        parent_ids=tuple(p.exercise_id for p in parents),
        author="calculus",
        generation=1 if parents else 0,
    )


def score(when: str, skill_id: str, probe_set: str, accuracy: float, n: int) -> Score:
    correct = round(accuracy * n)
    share = correct / n
    half = 1.96 * math.sqrt(share * (1 - share) / n + 0.25 / n**2)
    return Score(
        when=when,
        skill_id=skill_id,
        probe_set=probe_set,
        n=n,
        correct=correct,
        decided=n - (n > 40),
        accuracy=share,
        ci_low=max(0.0, share - half),
        ci_high=min(1.0, share + half),
    )


CALIBRATION = Calibration(
    decisive=True,
    threshold=1.31,
    baseline_loss=1.9,
    baseline_std=0.14,
    planted=20,
    sampled=60,
    auroc=0.88,
    auroc_low=0.79,
    auroc_high=0.95,
    recall=0.85,
    recall_low=0.64,
    recall_high=0.95,
    false_positive_rate=0.17,
    false_positive_low=0.09,
    false_positive_high=0.28,
    fitted_in_round=1,
    tokens=18211,
)

SUMMARY: dict[str, Any] = {
    "paired": [
        {
            "before": "base-few-shot",
            "after": "round-2",
            "difference": 0.4821,
            "ci_low": 0.41,
            "ci_high": 0.55,
            "n_pairs": 184,
            "label": "for this run",
        },
        {
            "before": "base",
            "after": "round-2",
            "difference": 0.56,
            "ci_low": 0.5,
            "ci_high": 0.62,
            "n_pairs": 184,
            "label": "for this run",
        },
    ],
    "forgetting": {
        "before": "base",
        "after": "round-2",
        "questions": 40,
        "accuracy": {"before": 0.55, "after": 0.525, "difference": -0.025, "ci_low": -0.1, "ci_high": 0.05},
        "texts": 12,
        "loss": {"before": 3.012, "after": 3.066, "difference": 0.054, "ci_low": 0.021, "ci_high": 0.088},
    },
    "tokens": {
        "textbooks": 21450,
        "exercises": 211300,
        "replay": 20110,
        "calibration": 18211,
        "total": 271071,
    },
    "decoded_tokens": 40211,
    "rejected": {"symbolic: the derivative has another sign": 7, "duplicate question": 12, "held out": 31},
    "findings": ["The skill 'Constant rule' has fewer than 50 questions: no held-out claim is made for it."],
}

TEACHER: dict[str, Any] = {
    "name": "large-model at api.example.com",
    "costs": [
        {
            "part": "exercises",
            "calls": 212,
            "tokens": 181_440,
            "cost_usd": 0.6183,
            "estimated": {"calls": [144, 288], "tokens": [79_872, 251_904], "cost_usd": [0.2304, 0.9101]},
            "outside": {},
        },
        {
            "part": "solutions",
            "calls": 2_212,
            "tokens": 391_002,
            "cost_usd": 1.2007,
            "estimated": {"calls": [2_400, 3_955], "tokens": [87_000, 271_920], "cost_usd": [0.3, 1.1]},
            "outside": {"calls": "below", "tokens": "above", "cost_usd": "above"},
        },
        {"part": "others", "calls": 2, "tokens": 90, "cost_usd": 0.0004, "estimated": None, "outside": {}},
    ],
    "together": {
        "part": "together",
        "calls": 2_426,
        "tokens": 572_532,
        "cost_usd": 1.8194,
        "estimated": {"calls": [2_544, 4_243], "tokens": [166_872, 523_824], "cost_usd": [0.5304, 2.0101]},
        "outside": {"calls": "below", "tokens": "above"},
    },
    "purposes": {
        "exercises": {"calls": 212, "prompt_tokens": 121_440, "completion_tokens": 60_000, "cost_usd": 0.6183},
        "solve": {"calls": 2_212, "prompt_tokens": 300_002, "completion_tokens": 91_000, "cost_usd": 1.2007},
    },
    "ledger": {"calls": 2_431, "tokens": 574_001, "cost_usd": 1.8311, "without_reply": 5},
    "yield": [{"purpose": "exercises", "asked": 480, "usable": 402, "admitted": 311}],
    "rejected": [
        {"purpose": "exercises", "by": "agreement", "reason": "3 of 3 independent solutions say …", "count": 71},
        {"purpose": "exercises", "by": "author", "reason": "no exercise in the form asked for", "count": 22},
    ],
}
"""What the summary of a run with a teacher has besides."""

PROVENANCE: dict[str, Any] = {
    "versions": {"skilladapt": "0.1.0", "torch": "2.13.0", "transformers": "5.23.0"},
    "seed": 0,
    "hardware": {"cores": 2, "memory": "8 GB", "accelerator": "none"},
    "model": {
        "name": "smollm2-135m",
        "description": "SmolLM2-135M-Instruct, dequantised 4-bit weights",
        "parameters": 134515008,
        "trainable_parameters": 4884480,
    },
    "domain": "calculus",
    "graph_hash": graph().hash,
    "probes_seal": "5f1c9b7a00d1e2f3",
}


def write_run(path: Path, rounds: int = 2, per_skill: int = 8) -> RunDirectory:
    """Writes the whole run and returns its directory, unlocked."""
    rng = random.Random(7)
    directory = RunDirectory(path)
    skills = graph()
    taught = [skill for skill in skills.skills if skill.title != UNTAUGHT]
    whens = ["base", "base-few-shot", *(f"round-{n}" for n in range(rounds + 1))]
    with directory:
        teach = ", ".join(f'"{skill.id}"' for skill in taught)
        directory.write_text("config.toml", f'domain = "calculus"\nteach = [{teach}]\n[student]\nmodel = "x"\n')
        directory.write_json("provenance.json", PROVENANCE)
        directory.write_text("graph.json", skills.to_json())
        directory.write_json("summary.json", SUMMARY)
        strength = {skill.id: rng.uniform(0.5, 1.0) - 0.05 * skill.level for skill in taught}
        for stage in ["base", *(f"round-{n}" for n in range(rounds + 1))]:
            scores, answers = [], []
            for when in [w for w in whens if w == stage or (stage == "base" and w == "base-few-shot")]:
                gain = {"base": 0.05, "base-few-shot": 0.14, "round-0": 0.2, "round-1": 0.65}.get(when, 1.0)
                reached = {id: min(1.0, gain * value * 1.1) for id, value in strength.items()}
                for skill in taught:
                    scores.append(score(when, skill.id, "probes", reached[skill.id], 16))
                    scores.append(score(when, skill.id, "pairs", reached[skill.id] ** 2, 8))
                    for index in range(16):
                        right = index / 16 < reached[skill.id]
                        answers.append(
                            Answer(
                                when=when,
                                probe_id=f"probe-{skill.id}-{index}",
                                skill_id=skill.id,
                                question=f"Find the derivative of y = {index + 2}t^3 - t with respect to t.",
                                expected=f"{3 * (index + 2)}t^2 - 1",
                                given=f"{3 * (index + 2)}t^2 - 1" if right else f"{index + 2}t^2",
                                correct=right if index != 15 else (True if right else None),
                            )
                        )
                for level in sorted({skill.level for skill in taught}):
                    here = [reached[skill.id] for skill in taught if skill.level == level]
                    scores.append(score(when, f"level:{level}", "probes", sum(here) / len(here), 16 * len(here)))
                mean = sum(reached.values()) / len(reached)
                for family, reach in (("numbers", 1.2), ("wordings", 0.9), ("longer", 0.1)):
                    scores.append(score(when, f"family:{family}", "probes", min(1.0, mean * reach), 120))
                    scores.append(score(when, f"family:{family}", "pairs", min(1.0, mean * reach) ** 2, 60))
                scores.append(score(when, "all", "probes", mean, 16 * len(taught)))
                scores.append(score(when, "all", "twins", mean * 0.95, 8 * len(taught)))
                scores.append(score(when, "all", "pairs", mean**1.5, 8 * len(taught)))
                if when in ("base", whens[-1]):
                    scores.append(score(when, "panel", "panel", 0.55 if when == "base" else 0.525, 40))
                    scores.append(score(when, "all", "gsm8k", 0.02 if when == "base" else 0.04, 200))
            directory.write_table(f"{stage}/scores", tables.rows(scores), tables.SCORES)
            directory.write_table(f"{stage}/answers", tables.rows(answers), tables.ANSWERS)
        books = [
            Textbook(
                skill_id=skill.id,
                title=skill.title,
                text=f"{skill.title}\n\nIt builds on what came before.\nFor example, d/dx [3x^4] = 12x^3.",
                author="calculus",
            )
            for skill in taught
        ]
        directory.write_table("round-0/textbooks", tables.textbook_rows(books), tables.TEXTBOOKS)
        histories = [
            LossHistory(
                example_id="e" + book.textbook_id,
                round=0,
                loss_P=(rng.uniform(1.5, 2.5),),
                tokens=120,
                worst_answer_token_P=(math.nan,),
                greedy_answer_P=(False,),
                answer_margin_P=(math.nan,),
            )
            for book in books
        ]
        directory.write_table("round-0/losses", tables.loss_rows(histories), tables.LOSSES)
        written = [(skill, exercise(skill.id, index, rng=rng)) for skill in taught for index in range(per_skill)]
        for number in range(1, rounds + 1):
            _write_round(directory, number, written, rng)
            if number < rounds:
                written = written[: -len(taught) // 2] + [
                    (skill, exercise(skill.id, 40 + number, "augmented", (parent,), rng))
                    for skill, parent in written[::9]
                ]
        directory.write_json("round-1/calibration.json", CALIBRATION.model_dump())
        kinds = ["sign", "coefficient", "off_by_one", "swapped", "wrong_step"]
        planted = [
            {"planted_id": f"p{i}", "kind": kinds[i % 5], "fold": i % 2, "score": 2.0 - i / 10, "flagged": i < 17}
            for i in range(20)
        ]
        directory.write_table("round-1/calibration", planted, tables.CALIBRATION)
        for stage, seconds in [("base", 61.2), ("round-0", 92.0), ("round-1", 311.4), ("round-2", 290.8)]:
            directory.log(stage=stage, event="begin")
            directory.log(stage=stage, event="end", seconds=seconds)
    return directory


def _write_round(
    directory: RunDirectory, number: int, written: list[tuple[Skill, Exercise]], rng: random.Random
) -> None:
    histories, categories, actions, children, repaired = [], [], [], [], []
    verdicts = [Verdict(exercise_id=item.exercise_id, verdict="correct", method="symbolic") for _, item in written]
    for position, (skill, item) in enumerate(written):
        category = rng.choices(
            ["easy", "ambiguous", "hard", "error"], [0.2 + 0.25 * number, 0.35, 0.3 - 0.1 * number, 0.06]
        )[0]
        start, fall = {
            "easy": (0.5, 0.7),
            "ambiguous": (1.3, 0.45),
            "hard": (1.7, 0.8),
            "error": (2.4, 0.93),
        }[category]
        start = max(0.05, rng.gauss(start, 0.2)) / number**0.5
        losses = tuple(start * fall**p * rng.uniform(0.95, 1.05) for p in range(3))
        history = LossHistory(
            example_id="e" + item.exercise_id,
            round=number,
            loss_P=losses,
            tokens=30,
            worst_answer_token_P=losses,
            greedy_answer_P=(category == "easy",) * 3,
            answer_margin_P=losses,
        )
        histories.append(history)
        categories.append(
            {
                "example_id": history.example_id,
                "round": number,
                "category": category,
                "mean_loss": history.mean_loss,
                "std_loss": history.std_loss,
                "score": history.late_loss - 1,
            }
        )
        action, weight = {
            "easy": ("downweight", 0.5),
            "ambiguous": ("keep", 1.0),
            "hard": ("augment", 1.0),
            "error": ("remove" if position % 2 else "quarantine", 0.0),
        }[category]
        new = [exercise(skill.id, 40 + number, "augmented", (item,), rng)] if category == "hard" else []
        if category == "easy" and position % 4 == 0:
            action, new = "compose", [exercise(skill.id, 60 + number, "composed", (item,), rng)]
        children += new
        if category == "error" and position % 3 == 0:
            action = "repair"
            new = [item.model_copy(update={"answer": f"{item.answer} + 0", "parent_ids": (item.exercise_id,)})]
            repaired += new
        actions.append(
            Action(
                round=number,
                example_id=history.example_id,
                category=category,
                action=action,
                reason=f"late loss {history.late_loss:.2f}, score {history.late_loss - 1:.2f} against 1.31",
                weight_before=1.0,
                weight_after=weight,
                child_ids=tuple(child.exercise_id for child in new),
            )
        )
    verdicts += [
        Verdict(exercise_id=child.exercise_id, verdict="correct", method="symbolic")
        if index % 3
        else Verdict(
            exercise_id=child.exercise_id,
            verdict="incorrect",
            method="numeric",
            reason="differs at x = 2: 13 is not 12",
        )
        for index, child in enumerate(children)
    ]
    verdicts += [
        Verdict(exercise_id=child.exercise_id, verdict="correct", method="symbolic") for child in repaired
    ]
    stage = f"round-{number}"
    directory.write_table(
        f"{stage}/exercises",
        tables.exercise_rows([item for _, item in written] + children + repaired),
        tables.EXERCISES,
    )
    directory.write_table(f"{stage}/verdicts", tables.rows(verdicts), tables.VERDICTS)
    directory.write_table(f"{stage}/losses", tables.loss_rows(histories), tables.LOSSES)
    directory.write_table(f"{stage}/categories", categories, tables.CATEGORIES)
    directory.write_table(f"{stage}/ledger", tables.rows(actions), tables.LEDGER)
    _write_checks(directory, number, actions)


def _write_checks(directory: RunDirectory, number: int, actions: list[Action]) -> None:
    suspects = [action for action in actions if action.category == "error"]
    others = [action for action in actions if action.category != "error"]
    verdict_of = {"remove": "incorrect", "repair": "incorrect", "quarantine": "undecided"}
    rows = [
        {
            "example_id": action.example_id,
            "suspected": action in suspects,
            "verdict": verdict_of.get(action.action, "correct"),
            "method": "numeric",
            "reason": "differs at x = 3: 7 is not 8" if action.action in ("remove", "repair") else "",
        }
        for action in [*suspects, *others[:30]]
    ]
    directory.write_table(f"round-{number}/checks", rows, tables.CHECKS)
    wrong = sum(row["verdict"] == "incorrect" for row in rows)
    directory.write_json(
        f"round-{number}/checks",
        {
            "suspects": len(suspects),
            "suspects_decided": sum(action.action != "quarantine" for action in suspects),
            "suspects_wrong": wrong,
            "others": len(others),
            "others_checked": 30,
            "others_decided": 30,
            "others_wrong": 0,
            "cleared": 30 * (number - 1),
            "checks": len(rows),
            "wrong_share": 0.04,
            "expected_precision": 0.17,
        },
    )
