import hashlib
import json
import random
import subprocess
import sys
from pathlib import Path

import pytest

from tools.train_understander import MODEL, ROOT, data_hashes
from tools.understander.corpus import Corpus, normalized
from tools.understander.grammar import Grammar, parse
from tools.understander.rewriting import Synonyms

DATA = ROOT / "training"
# Words of what everybody says.
SHORT = 5


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return Corpus(DATA, share=0.2)


def test_the_shipped_model_was_trained_from_the_data_that_lies_here() -> None:
    recorded = json.loads((MODEL / "training.json").read_text())["data"]
    assert recorded == data_hashes(DATA)


def test_the_shipped_model_is_small() -> None:
    assert sum(path.stat().st_size for path in MODEL.iterdir()) < 11_000_000
    assert (MODEL / "linear.npz").stat().st_size < 5_000_000


def test_no_sentence_that_measures_is_trained_on(corpus: Corpus) -> None:
    trained = {hashlib.sha256(normalized(e.text).encode()).hexdigest() for e in corpus.examples()}
    rows = [
        normalized(json.loads(row)["text"])
        for path in (ROOT / "bench/understanding").glob("*.jsonl")
        for row in path.read_text().splitlines()
        # "yes" and "what can you do" are everybody's.
        if path.stem == "sentences" or len(json.loads(row)["text"].split()) > SHORT
    ]
    assert len(rows) > 600
    assert not trained & {hashlib.sha256(row.encode()).hexdigest() for row in rows}


def test_every_span_is_a_whole_part_of_its_sentence(corpus: Corpus) -> None:
    for example in corpus.examples():
        for _, start, end in example.spans:
            assert example.text[start:end] == example.text[start:end].strip() != ""
        assert len(example.starts) == len(example.intents)


def test_all_intents_have_sentences() -> None:
    whole = Corpus(DATA, share=0.001)
    assert len({example.intents[0] for example in whole.examples()}) == 32


def trained_into(folder: Path) -> dict[str, str]:
    """The digests of what the command writes, in a process of its own as people run it."""
    command = [sys.executable, "-m", "tools.train_understander", "--share", "0.01"]
    options = ["--rounds", "3", "--out", str(folder)]
    subprocess.run([*command, *options], cwd=ROOT, check=True, capture_output=True)
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


def test_the_same_data_give_the_same_bytes(tmp_path: Path) -> None:
    assert trained_into(tmp_path / "once") == trained_into(tmp_path / "again")


def test_rewriting_leaves_entities_and_their_labels_alone() -> None:
    synonyms = Synonyms.read(DATA / "synonyms.txt")
    pieces = [("please remove ", None), ("my milk", "product"), (" from the list", None)]
    said = [
        synonyms.rewritten(list(pieces), ("list_remove_items",), random.Random(seed))
        for seed in range(200)
    ]
    assert all(("my milk", "product") in each for each in said)
    assert len({"".join(text for text, _ in each) for each in said}) > 20


def test_a_template_expands_to_marked_pieces() -> None:
    pieces = Grammar().expand(parse("add <Q|2> [of] <P!|(milk|milk)>"), random.Random(1))
    assert ("2", "quantity") in pieces
    assert ("milk", "product!") in pieces


def test_an_unbalanced_template_is_refused() -> None:
    with pytest.raises(ValueError, match="unbalanced"):
        parse("add (milk|eggs now")
