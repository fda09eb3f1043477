"""A skill graph of titles that try to end, escape, fool or overflow whatever they are written into."""

from skilladapt.records import Evidence, Prerequisite, Related, Skill
from skilladapt.skills.graph import SkillGraph

ATTACK = "<img src=x onerror=\"document.title='owned'\">"

TITLES = (
    'He said "no"',
    "a ]]> b",
    "</script><script>document.title='owned'</script>",
    ATTACK,
    "`back` ```ticks```",
    "line\none\r\ntwo\ttabs",
    "--> x -- y --- z",
    "emoji \U0001f469\u200d\U0001f3eb \U0001f389",
    "x" * 2000,
    "%%{init: {'theme': 'dark'}}%%",
    "1. First",
    "- item",
    "# Heading",
    "end",
    "back\\slash \\n \\N \\",
    "&amp; &lt;b&gt; #35; #quot;",
    "right \u202e to \u2066 left",
    "nul \0 escape \x1b[31m",
    "a;b}{c]d[e)f(g|h",
    "\ud800 half a character",
    "'); alert(1); ('",
    "\u05e9\u05dc\u05d5\u05dd",
    "http://127.0.0.1:9/x?y=1&z=2",
    "<!-- comment --> <![CDATA[ x ]]>",
    "javascript:alert(1)",
    "</script ><img src=x onerror=document.title='owned'>",
    "<!--<script >",
    " ",
)
"""Each is also a unit, a description, the place of some evidence and a reason."""


def hostile_graph() -> SkillGraph:
    skills = [
        Skill(id=f"s-{index}", title=title, description=title, part_of=TITLES[index // 4])
        for index, title in enumerate(TITLES)
    ]
    edges = [
        Prerequisite(
            before=f"s-{index}",
            after=f"s-{index + 1}",
            evidence=(
                Evidence(source="syllabus", where=TITLES[index]),
                Evidence(source="teacher", where=TITLES[index + 1]),
            ),
        )
        for index in range(0, len(TITLES) - 1, 2)
    ]
    return SkillGraph(skills, edges, [Related(first="s-0", second="s-3", reason=ATTACK)])
