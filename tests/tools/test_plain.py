"""The stripped sources in every image: the same program, without comments."""

import ast

import pytest
from harness import ROOT

from simulator import flash, plain


@pytest.mark.parametrize("name", flash.FILES)
def test_a_file_means_the_same_without_its_comments(name):
    source = (ROOT / name).read_text()
    text = plain.stripped(source)
    assert len(text) < len(source)
    first, *rest = text.splitlines()
    assert first == source.splitlines()[0]
    assert not [line for line in rest if line.lstrip().startswith("#")]
    names = {node.name for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)}
    assert names == {node.name for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef)}


def test_docstrings_go_and_other_texts_stay():
    source = '"""About."""\n\n\ndef f(x):\n    """Only this."""\n\n\ndef g():\n    if 1:\n        return "  # no comment\\n    x"\n'
    assert plain.stripped(source) == "def f(x):\n pass\ndef g():\n if 1:\n  return '  # no comment\\n    x'\n"
