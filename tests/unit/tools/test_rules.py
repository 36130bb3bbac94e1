import pytest

from tools.rules.__main__ import findings
from tools.rules.source import Source

BROKEN = {
    "clock": ("src/manciple/kit/a.py", "import time\nx = time.time()\n"),
    "environment": ("src/manciple/kit/a.py", "import os\nx = os.environ['A']\n"),
    "chance": ("src/manciple/kit/a.py", "import random\n"),
    "name": ("src/manciple/kit/utils.py", "x = 1\n"),
    "length": ("src/manciple/kit/a.py", "x = 1\n" * 401),
    "package": ("src/manciple/kit/__init__.py", '"""One."""\n\nx = 1\n'),
    "imports": ("src/manciple/kit/a.py", "def f() -> None:\n    import json\n"),
    "money": ("src/manciple/kit/a.py", "price: float = 1.0\n"),
    "reasons": ("src/manciple/kit/a.py", "x = eval('1')  # " + "noqa: S307\n"),
    "doubles": ("tests/unit/a.py", "import time\ntime.sleep(1)\n"),
}


@pytest.mark.parametrize("rule", BROKEN)
def test_a_broken_rule_is_found(rule: str) -> None:
    path, text = BROKEN[rule]

    assert [finding.rule for finding in findings(Source(path, text))] == [rule]


def test_an_escape_needs_a_reason() -> None:
    bare = Source("src/manciple/kit/a.py", "import random  # house: chance\n")
    reasoned = Source("src/manciple/kit/a.py", "import random  # house: chance - jitter\n")

    assert [finding.rule for finding in findings(bare)] == ["chance"]
    assert findings(reasoned) == []


def test_the_clock_itself_may_look_at_the_clock() -> None:
    source = Source("src/manciple/kit/clock.py", "import time\nx = time.monotonic()\n")

    assert findings(source) == []
