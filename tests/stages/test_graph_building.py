"""The graph of a run file, through the checks of the pipeline."""

from pathlib import Path

import pytest

from skilladapt import pipeline
from skilladapt.errors import UserError
from skilladapt.stages.charting import build_graph

SETTINGS = 'domain = "calculus"\nsyllabus = ["openstax/prealgebra-2e", "openstax/elementary-algebra-2e"]\n'
STUDENT = '[student]\nmodel = "tiny-random"\n'


def run_file(folder: Path, text: str) -> Path:
    path = folder / "run.toml"
    path.write_text(text)
    return path


def test_run_file_may_undo_a_merge(tmp_path: Path) -> None:
    graph = build_graph(pipeline.load(run_file(tmp_path, SETTINGS + STUDENT)))
    merge = next(merge for merge in graph.merges if merge.skill == "decimals")
    first, second = (mention.where for mention in merge.mentions)
    undone = f'merging.apart = [["{first}", "{second}"]]\n'
    again = build_graph(pipeline.load(run_file(tmp_path, SETTINGS + undone + STUDENT)))
    assert len(again.skills) == len(graph.skills) + 1
    assert {"decimals-decimals", "decimals-foundations"} <= set(again.by_id)


def test_mistakes_about_syllabi_merging_and_skills_join_the_list(tmp_path: Path) -> None:
    def mistake(text: str) -> str:
        with pytest.raises(UserError) as caught:
            pipeline.load(run_file(tmp_path, text + STUDENT))
        (found,) = caught.value.mistakes
        return found

    assert "'syllabus': There is no syllabus at oak/x" in mistake('domain = "calculus"\nsyllabus = ["oak/x"]\n')
    assert "names 'nowhere'" in mistake(f'{SETTINGS}merging.same = [["nowhere", "Decimals"]]\n')
    assert "'teach': There is no skill 'decimal'" in mistake(f'{SETTINGS}teach = ["decimal"]\n')
