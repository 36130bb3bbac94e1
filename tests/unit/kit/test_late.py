import subprocess
import sys

import pytest

from manciple.kit.late import Late


def test_a_late_module_is_loaded_with_the_first_look_at_it() -> None:
    code = (
        "import sys\nfrom manciple.kit.late import Late\n"
        "late = Late('this_module_is.not_there')\n"
        "colors = Late('colorsys')\n"
        "print('colorsys' in sys.modules)\n"
        "print(colors.rgb_to_hsv(0, 0, 0), 'colorsys' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[:2] == ["False", "(0.0, 0.0, 0) True"]


def test_what_a_module_lacks_is_said_as_ever() -> None:
    with pytest.raises(AttributeError, match="nothing_of_the_kind"):
        _ = Late("colorsys").nothing_of_the_kind
