"""Typing mistakes, short forms and casing, as people make them."""

import random
import re

from tools.understander.grammar import Piece

_MISTAKES = """
    you:u are:r please:plz to:2 for:4 and:n the:teh what:wat with:w what's:whats i'm:im
    don't:dont where's:wheres i'd:id it's:its that's:thats let's:lets we're:were my:me
    want:wnat add:ad list:lsit how:hwo price:prise week:weak their:there buy:by
    cheaper:cheeper tomorrow:tommorow order:ordr delete:delet search:serach remove:remvoe
    show:shwo find:fnd which:wich usual:ushual cancel:cancle receive:recieve because:cuz
    have:hav much:mch change:chnage alternative:alternitive substitute:subsitute
    compare:compair check:chek when:whn is:iz create:crate recommend:reccomend
    available:availible calories:calroies definitely:definately grocery:grocrey
    delivery:delivry than:then something:somthing really:realy again:agian items:itmes
    bread:bred chicken:chiken cheese:chese tomatoes:tomatos potatoes:potatos bananas:bannanas
    broccoli:brocolli sugar:suger yogurt:yougurt lettuce:letuce cereal:cerial
    detergent:detergant vegetables:vegtables avocado:avacado avocados:avacados
    mayonnaise:mayonaise spaghetti:spagetti ketchup:catsup raspberries:rasberries free:fre
    gluten:glutin organic:orgnic dozen:dozn bought:baught last:lst alert:alrt
"""
_KEYS = """
    a:sqw b:vn c:xv d:sf e:wr f:dg g:fh h:gj i:uo j:hk k:jl l:k m:n n:bm o:ip p:o q:w r:et
    s:ad t:ry u:yi v:cb w:qe x:zc y:tu z:x
"""
_SHORT = dict(pair.split(":") for pair in _MISTAKES.split())
_NEIGHBORS = dict(pair.split(":") for pair in _KEYS.split())
_SHORTEST = 4
_FILLERS = (
    "uh",
    "um",
    "like",
    "really",
    "just",
    "actually",
    "maybe",
    "also",
    "uhh",
    "please",
    "kinda",
    "idk",
    "i guess",
    "you know",
    "let's see",
    "hmm",
    "er",
    "well",
    "oh",
)


def noisy(pieces: list[Piece], rng: random.Random) -> list[Piece]:
    """`pieces` with perhaps a mistake or two; the labels stay where they are."""
    pieces = _hesitating(_cased(pieces, rng), rng)
    if rng.random() < 0.2:
        for _ in range(rng.choice((1, 1, 2, 2, 3))):
            pieces = _one_mistake(pieces, rng)
    return pieces


def _hesitating(pieces: list[Piece], rng: random.Random) -> list[Piece]:
    places = [
        (at, found.end())
        for at, (text, label) in enumerate(pieces)
        for found in re.finditer(r"(?<=[a-z]) ", text)
        if label is None
    ]
    if rng.random() > 0.08 or not places:
        return pieces
    at, place = rng.choice(places)
    text = pieces[at][0]
    changed = list(pieces)
    changed[at] = (f"{text[:place]}{rng.choice(_FILLERS)} {text[place:]}", None)
    return changed


def _cased(pieces: list[Piece], rng: random.Random) -> list[Piece]:
    style = rng.random()
    if style < 0.45:
        return pieces
    if style < 0.85:
        return [(text.lower(), label) for text, label in pieces]
    if style < 0.88:
        return [(text.upper(), label) for text, label in pieces]
    if style < 0.9:
        return [(text.title().replace("'S", "'s"), label) for text, label in pieces]
    return [
        (text[:1].upper() + text[1:] if at == 0 else text, label)
        for at, (text, label) in enumerate(pieces)
    ]


def _one_mistake(pieces: list[Piece], rng: random.Random) -> list[Piece]:
    places = [
        (at, found)
        for at, (text, _) in enumerate(pieces)
        for found in re.finditer(r"[A-Za-z']+", text)
        if len(found[0]) >= _SHORTEST or found[0].lower() in _SHORT
    ]
    if not places:
        return pieces
    at, found = rng.choice(places)
    text, label = pieces[at]
    wrong = _misspelt(found[0], rng)
    changed = list(pieces)
    changed[at] = (text[: found.start()] + wrong + text[found.end() :], label)
    return changed


def _misspelt(word: str, rng: random.Random) -> str:
    if word.lower() in _SHORT and (rng.random() < 0.6 or len(word) < _SHORTEST):
        return _SHORT[word.lower()]
    place = rng.randrange(1, len(word))
    kind = rng.randrange(5)
    if kind == 0:
        return word[:place] + word[place + 1 :]
    if kind == 1 and place + 1 < len(word):
        return word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    if kind == 2:
        return word[:place] + word[place] + word[place:]
    letter = rng.choice(_NEIGHBORS.get(word[place].lower(), "e"))
    return word[:place] + letter + word[place + (kind == 3) :]
