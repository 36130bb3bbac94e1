"""A product's price history as one SVG picture. Pure: the same prices give the same picture.

Every step is an observation; a price is drawn until the next one is seen, for nobody knows more.
"""

from collections.abc import Iterator, Sequence
from html import escape
from itertools import pairwise

from manciple.grocery.domain.money import dollars
from manciple.grocery.domain.products import Price

WIDTH, HEIGHT = 720, 300
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 20, 48, 44
_STYLE = (
    "text{font:13px system-ui,sans-serif;fill:#333}.h{font-size:15px;font-weight:600}"
    ".g{stroke:#ddd}.l{fill:none;stroke:#0a6c4a;stroke-width:2}.d{fill:#0a6c4a}.s{fill:#666}"
)


def plot(name: str, prices: Sequence[Price]) -> str:
    """The picture of `prices` (newest first), those in the newest one's currency."""
    shown = [one for one in reversed(prices) if one.currency == prices[0].currency]
    body = [f'<text class="h" x="{_LEFT}" y="24">{escape(_short(name))}</text>']
    body += _drawn(shown) if shown else [f'<text x="{_LEFT}" y="80">No price was ever seen.</text>']
    title = f"<title>{escape(name)}: {len(shown)} observed prices</title>"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'width="{WIDTH}" height="{HEIGHT}">{title}<style>{_STYLE}</style>'
        f'<rect width="100%" height="100%" fill="#fff"/>{"".join(body)}</svg>'
    )


def _drawn(prices: Sequence[Price]) -> Iterator[str]:
    low, high = _range([one.cents for one in prices])
    for cents in sorted({low, (low + high) // 2, high}):
        y = _y(cents, low, high)
        yield f'<line class="g" x1="{_LEFT}" x2="{WIDTH - _RIGHT}" y1="{y}" y2="{y}"/>'
        label = f"${dollars(cents)}" if prices[0].currency == "USD" else str(dollars(cents))
        yield f'<text x="{_LEFT - 8}" y="{y + 4}" text-anchor="end">{label}</text>'
    points = [(_x(one, prices), _y(one.cents, low, high)) for one in prices]
    yield f'<path class="l" d="{_steps(points)}"/>'
    for (x, y), one in zip(points, prices, strict=True):
        said = f"{one.observed_at:%Y-%m-%d %H:%M} {dollars(one.cents)} by {one.source}"
        yield f'<circle class="d" cx="{x}" cy="{y}" r="3"><title>{escape(said)}</title></circle>'
    yield from _dates(prices)


def _dates(prices: Sequence[Price]) -> Iterator[str]:
    y = HEIGHT - 22
    yield f'<text x="{_LEFT}" y="{y}">{prices[0].observed_at:%Y-%m-%d}</text>'
    if len(prices) > 1:
        last = f"{prices[-1].observed_at:%Y-%m-%d}"
        yield f'<text x="{WIDTH - _RIGHT}" y="{y}" text-anchor="end">{last}</text>'
    sources = ", ".join(sorted({one.source for one in prices}))
    said = escape(_short(f"seen {len(prices)} times, by {sources}"))
    yield f'<text class="s" x="{_LEFT}" y="{HEIGHT - 5}">{said}</text>'


def _range(cents: Sequence[int]) -> tuple[int, int]:
    """The least and the most that the scale shows: a tenth beyond what was seen."""
    low, high = min(cents), max(cents)
    margin = max((high - low) // 10, high // 20, 1)
    return max(0, low - margin), high + margin


def _x(one: Price, prices: Sequence[Price]) -> float:
    first, last = prices[0].observed_at, prices[-1].observed_at
    span_s = (last - first).total_seconds()
    share = (one.observed_at - first).total_seconds() / span_s if span_s else 0.0
    return round(_LEFT + share * (WIDTH - _LEFT - _RIGHT), 1)


def _y(cents: int, low: int, high: int) -> float:
    share = (cents - low) / (high - low)
    return round(HEIGHT - _BOTTOM - share * (HEIGHT - _TOP - _BOTTOM), 1)


def _steps(points: Sequence[tuple[float, float]]) -> str:
    (x, y), parts = points[0], []
    parts.append(f"M{x} {y}")
    parts += [f"H{after[0]}V{after[1]}" for _before, after in pairwise(points)]
    if len(points) == 1:
        parts.append(f"H{WIDTH - _RIGHT}")
    return "".join(parts)


def _short(text: str) -> str:
    # What fits the width at the size of the letters.
    most = 85
    return text if len(text) <= most else text[: most - 1] + "…"
