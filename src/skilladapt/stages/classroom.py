"""The student of a run and all that is done with it: asking, training, saving, and trying things on a copy.

The only part of the pipeline that needs torch, so it is imported when a stage first needs the student.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from skilladapt.config import RunConfig
from skilladapt.models.adapter import (
    restore_weights,
    trainable_parameters,
    trainable_weights,
    with_adapter,
    with_all_weights,
)
from skilladapt.models.chat import UnencodableText
from skilladapt.models.decoding import answer
from skilladapt.models.hardware import hardware_of
from skilladapt.models.loading import Student, context_length, load_student
from skilladapt.models.memory import Training
from skilladapt.models.text_loss import text_loss
from skilladapt.progress import Advance, console, progress, warn
from skilladapt.records import Example, Exercise, Textbook, content_hash
from skilladapt.training.batches import Layout
from skilladapt.training.checkpoint import load_checkpoint, save_checkpoint
from skilladapt.training.loop import RoundProgress, RoundResult, StepReport, TrainingState, train_round
from skilladapt.training.order import Item, item_id
from skilladapt.training.resuming import Bookmarks
from skilladapt.training.schedule import warmup_then_cosine

GPU_MICRO_BATCH_TOKENS = 8192
"""Enough to keep a GPU busy with a small model, and little beside the weights of a large one."""


class Classroom:
    """One student, where its training stands, and the settings of the run that concern them."""

    def __init__(self, student: Student, config: RunConfig) -> None:
        self.student = student
        self.state = TrainingState()
        self._config = config
        self._decoded = 0

    @classmethod
    def open(cls, config: RunConfig, *, to_train: bool = True) -> Self:
        """Loads the configured student, with a fresh adapter that changes nothing yet.

        Raises UserError when memory cannot hold it, with what training takes if it is `to_train`.
        """
        wanted = config.student
        trains_all = wanted.adapter == "none"
        training = Training(None) if trains_all else Training(wanted.lora_rank, wanted.lora_layers)
        student = load_student(
            wanted.model,
            device=wanted.device,
            dtype=wanted.precision,
            training=training if to_train else None,
            seed=config.seed,
        )
        if trains_all:
            return cls(with_all_weights(student), config)
        adapted = with_adapter(student, rank=wanted.lora_rank, top_layers=wanted.lora_layers, seed=config.seed)
        return cls(adapted, config)

    def answer(
        self,
        questions: Sequence[str],
        *,
        title: str,
        shots: Sequence[Exercise] = (),
        max_new_tokens: int | None = None,
    ) -> list[str]:
        """The student's replies, in order; `shots` are shown before each question."""
        if not questions:
            return []
        settings = self._config.evaluation
        with progress(title, len(questions), "questions") as advance:
            replies = answer(
                self.student,
                questions,
                shots=[(shot.question, shot.completion) for shot in shots],
                max_new_tokens=max_new_tokens or settings.max_new_tokens,
                batch_size=settings.batch_size,
                on_progress=_by_difference(advance),
            )
        self._decoded += sum(len(self.student.chat.encode_content(reply)) for reply in replies)
        return replies

    def take_decoded(self) -> int:
        """Tokens decoded since this was last asked (replies read again by the tokenizer, end marks left out)."""
        decoded, self._decoded = self._decoded, 0
        return decoded

    def text_loss(self, texts: Sequence[str]) -> list[float]:
        """Nats per token of each text."""
        return text_loss(self.student, texts)

    def count_tokens(self, material: Textbook | Exercise) -> int:
        """Tokens of the whole sequence that a material is trained as. Raises UnencodableText for some texts."""
        chat = self.student.chat
        encoded = (
            chat.encode_exercise(material) if isinstance(material, Exercise) else chat.encode_textbook(material)
        )
        return len(encoded.input_ids)

    def fault_of(self, material: Textbook | Exercise) -> str:
        """Why a material cannot be trained as a whole, or an empty string."""
        limits = {"training.max_tokens": self._config.training.max_tokens}
        if (context := context_length(self.student)) is not None:
            limits["the student's context"] = context
        try:
            tokens = self.count_tokens(material)
        except UnencodableText as error:
            return str(error)
        name, most = min(limits.items(), key=lambda limit: limit[1])
        return f"it has {tokens} tokens, more than {name} = {most}" if tokens > most else ""

    def train(
        self,
        items: Sequence[Item],
        *,
        title: str,
        round: int,
        passes: int,
        total_tokens: int,
        folder: Path | None = None,
    ) -> RoundResult:
        """Trains one round in the given order; `total_tokens` is the horizon of the learning rate.

        With a `folder`, a round that was left half-way goes on from the last checkpoint there.
        """
        settings = self._config.training
        inputs = _hash_of(items, round, passes, total_tokens, self.state)
        bookmarks = folder and Bookmarks(folder, inputs, self._config.runtime.checkpoint_every_s)
        resume = self._resume(bookmarks) if bookmarks else None
        steps = passes * -(-len(items) // settings.batch_size)
        with progress(title, steps, "steps", done=resume.steps_done if resume else 0) as advance:

            def on_step(report: StepReport) -> None:
                advance(1)
                if bookmarks:
                    bookmarks.keep(self.student, report)

            result = train_round(
                self.student,
                items,
                round=round,
                passes=passes,
                batch_size=settings.batch_size,
                seed=self._config.seed,
                learning_rate=warmup_then_cosine(settings.learning_rate, total_tokens, settings.warmup_share),
                state=self.state,
                resume=resume,
                max_tokens=settings.max_tokens,
                layout=Layout(settings.micro_batch_tokens or self._micro_batch_tokens, settings.packing),
                activation_checkpointing=settings.activation_checkpointing,
                on_step=on_step,
            )
        self.state = result.state
        return result

    @property
    def _micro_batch_tokens(self) -> int:
        return Layout().tokens if self.student.device.type == "cpu" else GPU_MICRO_BATCH_TOKENS

    def _resume(self, bookmarks: Bookmarks) -> RoundProgress | None:
        """Brings the student to where the round was left, and tells what was damaged on the way."""
        self.student, resume, faults = bookmarks.newest(self.student)
        for fault in faults:
            warn(f"{fault}; it is passed over.")
        if resume:
            console.print(f"  going on after step {resume.steps_done} of the round")
        elif faults:
            console.print("  no whole checkpoint of the round is left; it begins again")
        return resume

    def save(self, folder: Path, round: int) -> None:
        """Writes what continuing needs."""
        save_checkpoint(folder, self.student, self.state, {"round": round, "seed": self._config.seed})

    def restore(self, folder: Path) -> None:
        """Goes back to a checkpoint, unless training stands there already."""
        checkpoint = load_checkpoint(folder, self.student)
        self.student, self.state = checkpoint.student, checkpoint.state

    @contextmanager
    def throw_away_copy(self) -> Iterator[None]:
        """What is trained inside is forgotten at the end. It begins with a fresh optimizer."""
        weights, state = trainable_weights(self.student), self.state
        self.state = TrainingState()
        try:
            yield
        finally:
            restore_weights(self.student, weights)
            self.state = state

    def hardware(self) -> dict[str, object]:
        """What the student runs on, for the provenance."""
        return hardware_of(self.student)

    def describe(self) -> dict[str, object]:
        """The student for the provenance."""
        return {
            "name": self.student.name,
            "description": self.student.description,
            "parameters": sum(weight.numel() for weight in self.student.model.parameters()),
            "trainable_parameters": sum(weight.numel() for weight in trainable_parameters(self.student).values()),
        }


def _hash_of(items: Sequence[Item], round: int, passes: int, total_tokens: int, state: TrainingState) -> str:
    """What a round is made from, besides the configuration, which cannot change within a run."""
    weighted = [f"{item_id(item)} {item.weight if isinstance(item, Example) else 1.0}" for item in items]
    return content_hash("round", round, passes, total_tokens, state.step, state.tokens, *weighted)


def _by_difference(advance: Advance) -> Callable[[int], None]:
    done = 0

    def report(now: int) -> None:
        nonlocal done
        advance(now - done)
        done = now

    return report
