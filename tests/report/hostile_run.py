"""The made-up run again, with an attack in every text that anybody outside the package could have written."""

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from synthetic_run import TEACHER, write_run

from skilladapt.store import RunDirectory

ATTACK = (
    "</title></style></script><script>document.title='owned'</script>"
    "<img src='{url}' onerror=\"document.title='owned'\"><svg/onload=\"document.title='owned'\">"
    "<iframe src='{url}'></iframe><link rel=stylesheet href='{url}'><base href='{url}'>"
    "<style>@import '{url}'; body {{ display: none }}</style><a href=\"javascript:document.title='owned'\">x</a>"
    '"\' autofocus onfocus="document.title=\'owned\'" x="{{{{ 7 * 7 }}}}{{% raw %}} -->]]>&lt;b&gt;'
    "\u202e\u200b\x00\x1b[31m"
)
CLOSED_SETS = {
    "when",
    "probe_set",
    "kind",
    "verdict",
    "answer_type",
    "category",
    "action",
    "source",
    "outside",
}
"""Columns whose values are checked when read; the page never shows another value."""


def write_hostile_run(path: Path, url: str) -> RunDirectory:
    """Ids stay consistent with one another, so that everything is still found and shown."""
    directory = write_run(path)
    attack = ATTACK.format(url=url)

    def poison(name: str, value: Any) -> Any:
        if name in CLOSED_SETS:
            return value
        if isinstance(value, dict):
            return {key: poison(key, inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [poison(name, inner) for inner in value]
        if not isinstance(value, str):
            return value
        if name == "skill_id" and (value in {"all", "panel"} or value.startswith("level:")):
            return value
        if name == "skill_id" and value.startswith("family:"):
            return f"family:{attack}{value[7:]}"
        return f"e{attack}{value[1:]}" if name == "example_id" else attack + value

    for file in path.rglob("*.parquet"):
        table = pq.read_table(file)
        # The kind of a planted error is any word of the author's, that of an exercise one of three.
        free = {"kind"} if file.stem == "calibration" else set()
        rows = [
            {name: poison("" if name in free else name, value) for name, value in row.items()}
            for row in table.to_pylist()
        ]
        pq.write_table(pa.Table.from_pylist(rows, schema=table.schema), file)
    for name in ("graph.json", "provenance.json"):
        content = json.loads((path / name).read_text())
        (path / name).write_text(json.dumps(poison("", content)))
    summary = json.loads((path / "summary.json").read_text())
    summary["paired"] = [{**row, "label": attack} for row in summary["paired"]]
    summary["rejected"] = {attack + reason: count for reason, count in summary["rejected"].items()}
    summary["tokens"] = {**summary["tokens"], attack: 1}
    summary["findings"] = [attack]
    summary["teacher"] = poison("", TEACHER)
    summary["teacher"]["purposes"] = {attack + name: row for name, row in TEACHER["purposes"].items()}
    (path / "summary.json").write_text(json.dumps(summary))
    events = [json.loads(line) for line in (path / "events.jsonl").read_text().splitlines()]
    (path / "events.jsonl").write_text("\n".join(json.dumps(poison("", row)) for row in events))
    (path / "config.toml").write_text(f"# {json.dumps(attack)}\ntitle = {json.dumps(attack)}\n")
    return directory
