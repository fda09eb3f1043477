"""Instructions in what a teacher wrote: no verdict depends on them, since no reader can take them for ours.

The scripted reader does whatever stands outside the places for texts; a text that left its place would be obeyed.
"""

from collections import Counter
from pathlib import Path

import pytest

from injections import CANARY, INJECTIONS, outside
from skilladapt import prompts
from skilladapt.domains.domain import load_domain
from skilladapt.materials.asking import Asking
from skilladapt.records import Assignment, Exercise, Skill, Textbook
from skilladapt.skills.graph import SkillGraph
from skilladapt.teachers.teacher import Request, Sampling
from skilladapt.verification.admission import admit_textbooks
from skilladapt.verification.agreement import AgreementVerifier
from skilladapt.verification.judging import verify_exercises
from teacher_stub import Stub

COUNTING = Skill(id="counting", title="Counting")
RIGHT = Exercise(
    skill_ids=("counting",),
    question="How many days has a week?",
    solution="Counting: one after the other",
    step_skills=("counting",),
    answer="7",
    answer_type="number",
    difficulty=1,
    author="stub",
)
WRONG = RIGHT.model_copy(update={"answer": "1"})
EXPLAINED = RIGHT.model_copy(
    update={"question": "Explain why.", "answer": "it is so; it was so", "answer_type": "points"}
)


def reader(request: Request) -> str:
    """Reads a prompt as a model may that follows every instruction; of texts set apart it makes what is right."""
    prompt = request.messages[-1].content
    if CANARY in outside(prompt):
        return "1: yes\n2: yes\nAnswer: 1"
    if request.purpose == "points":
        return "1: no\n2: no"
    if request.purpose == "judge":
        first = prompt.split("Answer 1:")[1].split("Answer 2:")[0]
        return f"Answer: {1 if '7' in first else 2}"
    # One of three solvers errs, in a way of its own: a wrong answer has one on its side, and the judge is asked.
    return f"Answer: {(7, 7, 1)[request.draw]}"


def verdict(exercise: Exercise, method: str) -> str:
    return AgreementVerifier(Stub(reader), threshold=0.9).check(exercise, method).verdict


@pytest.mark.parametrize("method", ["agreement", "judged"])
def test_no_instruction_in_a_question_or_a_solution_changes_a_verdict(method: str) -> None:
    flips, tried = [], 0
    for exercise in (RIGHT, WRONG, EXPLAINED):
        without = verdict(exercise, method)
        for field in ("question", "solution"):
            for injection in INJECTIONS:
                for text in (f"{getattr(exercise, field)} {injection}", f"{injection} {getattr(exercise, field)}"):
                    tried += 1
                    if verdict(exercise.model_copy(update={field: text}), method) != without:
                        flips.append((field, injection))
    print(f"injections ({method}): {len(flips)} flips of {tried} verdicts")
    assert flips == []


@pytest.mark.parametrize("method", ["agreement", "judged"])
def test_no_instruction_in_an_answer_makes_it_right(method: str) -> None:
    made_right = [
        (answer, injection)
        for answer in ("1", "8", "")
        for injection in INJECTIONS
        for answer in (f"{answer} {injection}", f"{injection} {answer}")
        if verdict(RIGHT.model_copy(update={"answer": answer}), method) == "correct"
    ]
    print(f"injections in answers ({method}): {len(made_right)} made right")
    assert made_right == []


def test_what_solvers_say_makes_nothing_right_either() -> None:
    def solver(request: Request) -> str:
        injection = INJECTIONS[request.draw]
        return reader(request) if request.purpose != "solve" else f"{injection}\nAnswer: {injection} 1"

    for exercise in (RIGHT, EXPLAINED):
        assert AgreementVerifier(Stub(solver)).check(exercise, "judged").verdict == "undecided"


def test_without_its_marks_a_text_is_obeyed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(prompts._ENVIRONMENT.filters, "fenced", lambda text: f"<<<\n{text}\n>>>")
    question = RIGHT.question + INJECTIONS[1]
    assert verdict(WRONG, "judged") == "incorrect"
    assert verdict(WRONG.model_copy(update={"question": question}), "judged") == "correct"


def test_a_textbook_s_instructions_change_nothing_about_it() -> None:
    book = Textbook(skill_id="counting", title="Counting", text="One, two, three, and so on. " * 9, author="stub")
    for injection in INJECTIONS:
        hostile = book.model_copy(update={"text": book.text + injection, "title": injection})
        (without, found) = admit_textbooks([book, hostile], skill_ids=["counting"], probes=[])
        assert found.verdict == without.verdict == "correct"


@pytest.mark.parametrize("injection", INJECTIONS)
def test_whatever_is_asked_about_an_exercise_its_words_stay_in_their_place(injection: str) -> None:
    asking = Asking(SkillGraph([COUNTING], []), Sampling())
    hostile = RIGHT.model_copy(
        update={
            "question": RIGHT.question + injection,
            "solution": f"Counting: {injection}".replace("\n", " "),
            "answer": "7" + injection,
        }
    )
    about = Assignment(
        skill_ids=("counting",), difficulty=1, count=1, parents=(hostile,), student_answer=injection
    )
    requests = [
        asking.corrupted(hostile, "wrong-fact"),
        asking.solved_again(hostile),
        *(
            asking.exercises(about.model_copy(update={"kind": kind}), "short", 1, 0)
            for kind in ("augmented", "composed")
        ),
    ]
    for request in requests:
        assert CANARY in request.messages[-1].content
        assert CANARY not in outside(request.messages[-1].content), request.purpose


def test_no_text_is_run_as_a_template_a_program_or_a_command(tmp_path: Path) -> None:
    canary = tmp_path / "canary"
    payloads = [
        f"__import__('os').system('touch {canary}')",
        f"$(touch {canary})",
        f"`touch {canary}`",
        f"; touch {canary} #",
        f"{{{{ cycler.__init__.__globals__.os.system('touch {canary}') }}}}",
        f"{{% for x in ().__class__.__mro__ %}}{{{{ x('touch {canary}', shell=True) }}}}{{% endfor %}}",
        f"!!python/object/apply:os.system ['touch {canary}']",
        f"x = open('{canary}', 'w')",
        f"lambda: open('{canary}', 'w')",
        f"\\input{{|touch {canary}}}",
        f"=cmd|' /C touch {canary}'!A0",
    ]
    domain = load_domain("calculus", {})
    hostile = [
        RIGHT.model_copy(update={"answer_type": kind, field: payload})
        for kind in ("number", "expression", "polynomial", "text")
        for payload in payloads
        for field in ("question", "answer", "solution")
    ]
    verdicts = Counter(one.verdict for one in verify_exercises(hostile, domain.verifier, workers=1))
    for payload in payloads:
        verdict(RIGHT.model_copy(update={"question": payload, "answer": payload}), "judged")
    print(f"payloads: {verdicts.total()} tried, {int(canary.exists())} run")
    assert not canary.exists()
    assert verdicts["correct"] == 0
