"""A product's price history as one SVG picture. Pure: the same prices give the same picture.

A price is drawn until the next look, for nobody knows more; where nobody looked for long, the line
is broken. A day of many looks is a bar from its lowest to its highest price.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from html import escape
from itertools import pairwise

import msgspec

from manciple.grocery.domain.money import dollars
from manciple.grocery.domain.price_days import PriceDay
from manciple.grocery.domain.products import Price, Product
from manciple.services.doors.price_marks import Mark, Series, samples_of, series_of

WIDTH, HEIGHT = 720, 320
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 24, 62, 74
_COLORS = ("#0a6c4a", "#1f5fa8", "#a8501f", "#6b3fa0")
_STYLE = (
    "text{font:13px system-ui,sans-serif;fill:#333}.h{font-size:15px;font-weight:600}"
    ".g{stroke:#ddd}.s{fill:#666;font-size:12px}.x{stroke:#888;stroke-dasharray:2 4}"
    "path{fill:none}.gap{stroke-dasharray:3 5;stroke-opacity:.55}"
)
# Steps of a scale that people can read off, in cents, times any power of ten.
_STEPS = (1, 2, 5)
_MOST_TICKS = 5
_MOST_DATES = 4
_LETTER_PX = 7.3
# More marks than these stand close together, and are drawn finer.
_FEW = 60


class Frame(msgspec.Struct, frozen=True, kw_only=True):
    """The scales: instants to x, cents to y."""

    first: datetime
    last: datetime
    low: int
    high: int
    step: int
    currency: str

    def x(self, at: datetime) -> float:
        """Where an instant stands; a single one stands in the middle."""
        span_s = (self.last - self.first).total_seconds()
        share = (at - self.first).total_seconds() / span_s if span_s else 0.5
        return round(_LEFT + share * (WIDTH - _LEFT - _RIGHT), 1)

    def y(self, cents: int) -> float:
        """Where an amount stands."""
        share = (cents - self.low) / (self.high - self.low)
        return round(HEIGHT - _BOTTOM - share * (HEIGHT - _TOP - _BOTTOM), 1)


def plot(product: Product, prices: Sequence[Price], days: Sequence[PriceDay]) -> str:
    """The picture of single looks (`prices`) and of all looks by the day, newest first."""
    series = series_of(prices, days)
    samples = samples_of(days)
    looks = sum(mark.looks for one in series for mark in one.marks)
    body = [f'<text class="h" x="{_LEFT}" y="24">{escape(_short(product.name, 80))}</text>']
    body += _drawn(series, samples) if series else _nothing(samples)
    body.append(_line(HEIGHT - 24, _short(_footnote(series, looks), 96)))
    if product.price is None:
        body.append(_line(HEIGHT - 8, _short(f"now unknown: {product.price_missing}", 96)))
    title = f"<title>{escape(product.name)}: {looks} observed prices</title>"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'width="{WIDTH}" height="{HEIGHT}">{title}<style>{_STYLE}</style>'
        f'<rect width="100%" height="100%" fill="#fff"/>{"".join(body)}</svg>'
    )


def _nothing(samples: Sequence[Price]) -> Iterator[str]:
    said = "Only sample prices are known." if samples else "No price was ever seen."
    yield f'<text x="{_LEFT}" y="90">{said}</text>'
    for row, one in enumerate(samples[:3]):
        text = f"{_money(one.cents, one.currency)}: {one.method}"
        yield _line(116 + 20 * row, _short(text, 96))


def _drawn(series: Sequence[Series], samples: Sequence[Price]) -> Iterator[str]:
    marks = [mark for one in series for mark in one.marks]
    frame = _frame(marks, samples, series[0].currency)
    yield from _scale(frame)
    yield from _sample_lines(frame, samples)
    for number, one in enumerate(series):
        color = _COLORS[number % len(_COLORS)]
        yield from _path(one, frame, color)
        radius = 2.5 if len(one.marks) <= _FEW else 1.5
        yield from (_dot(mark, frame, color, radius) for mark in one.marks)
    yield from _legend(series)


def _frame(marks: Sequence[Mark], samples: Sequence[Price], currency: str) -> Frame:
    cents = [edge for mark in marks for edge in (mark.low, mark.high)]
    cents += [one.cents for one in samples if min(cents) / 2 <= one.cents <= max(cents) * 2]
    low, high = min(cents), max(cents)
    # A tenth beyond what was seen, and never a scale that makes cents look like mountains.
    margin = max((high - low) // 10, high // 20, 2)
    step = _step(high - low + 2 * margin)
    return Frame(
        first=min(mark.at for mark in marks),
        last=max(mark.at for mark in marks),
        low=max(0, (low - margin) // step * step),
        high=-(-(high + margin) // step) * step,
        step=step,
        currency=currency,
    )


def _step(span: int) -> int:
    power = 1
    while True:
        for step in _STEPS:
            if span <= step * power * (_MOST_TICKS - 1):
                return step * power
        power *= 10


def _scale(frame: Frame) -> Iterator[str]:
    for cents in range(frame.low, frame.high + 1, frame.step):
        y = frame.y(cents)
        yield f'<line class="g" x1="{_LEFT}" x2="{WIDTH - _RIGHT}" y1="{y}" y2="{y}"/>'
        label = _money(cents, frame.currency)
        yield f'<text x="{_LEFT - 8}" y="{y + 4}" text-anchor="end">{label}</text>'
    for at in _dates(frame):
        x = frame.x(at)
        low = HEIGHT - _BOTTOM
        yield f'<line class="g" x1="{x}" x2="{x}" y1="{low}" y2="{low + 5}"/>'
        yield f'<text x="{x}" y="{low + 20}" text-anchor="{_anchor(x)}">{at:%Y-%m-%d}</text>'


def _dates(frame: Frame) -> list[datetime]:
    """The first and the last day, and as many between as there is room and days for."""
    days = (frame.last.date() - frame.first.date()).days
    count = min(_MOST_DATES, days)
    if not count:
        return [frame.first]
    span = frame.last - frame.first
    return [frame.first + span * part / count for part in range(count + 1)]


def _anchor(x: float) -> str:
    if x < _LEFT + 30:
        return "start"
    return "end" if x > WIDTH - _RIGHT - 30 else "middle"


def _sample_lines(frame: Frame, samples: Sequence[Price]) -> Iterator[str]:
    for one in samples:
        if frame.low <= one.cents <= frame.high:
            y = frame.y(one.cents)
            yield f'<line class="x" x1="{_LEFT}" x2="{WIDTH - _RIGHT}" y1="{y}" y2="{y}"/>'
            text = f"sample {_money(one.cents, one.currency)} ({one.observed_at:%Y})"
            x = WIDTH - _RIGHT - 6
            yield f'<text class="s" x="{x}" y="{y - 4}" text-anchor="end">{escape(text)}</text>'


def _path(one: Series, frame: Frame, color: str) -> Iterator[str]:
    """Steps from look to look; broken where nobody looked for long."""
    gap, width = one.gap(), 2 if len(one.marks) <= _FEW else 1
    for before, after in pairwise(one.marks):
        x, y = frame.x(before.at), frame.y(before.cents)
        is_gap = after.at - before.at > gap
        kind = ' class="gap"' if is_gap else ""
        steps = f"M{x} {y}H{frame.x(after.at)}V{frame.y(after.cents)}"
        yield f'<path{kind} stroke="{color}" stroke-width="{width}" d="{steps}"/>'


def _dot(mark: Mark, frame: Frame, color: str, radius: float) -> str:
    x = frame.x(mark.at)
    amount = _money(mark.low, frame.currency)
    if mark.low < mark.high:
        amount += f" to {_money(mark.high, frame.currency)}"
    title = f"<title>{escape(f'{amount}, {mark.said}')}</title>"
    if mark.low == mark.high:
        y = frame.y(mark.cents)
        return f'<circle fill="{color}" cx="{x}" cy="{y}" r="{radius}">{title}</circle>'
    top, bottom = frame.y(mark.high), frame.y(mark.low)
    height = round(max(bottom - top, 2.0), 1)
    return (
        f'<rect fill="{color}" fill-opacity=".35" x="{x - 2.5}" y="{top}" width="5" '
        f'height="{height}">{title}</rect>'
    )


def _legend(series: Sequence[Series]) -> Iterator[str]:
    x = float(_LEFT)
    for number, one in enumerate(series):
        color = _COLORS[number % len(_COLORS)]
        yield f'<rect x="{x}" y="38" width="10" height="10" fill="{color}"/>'
        yield f'<text class="s" x="{x + 15}" y="47">{escape(one.source)}</text>'
        x = round(x + 30 + _LETTER_PX * len(one.source), 1)


def _footnote(series: Sequence[Series], looks: int) -> str:
    marks = [mark for one in series for mark in one.marks]
    parts = []
    if marks:
        least = min(marks, key=lambda mark: mark.low)
        days = (max(mark.at for mark in marks) - min(mark.at for mark in marks)) // timedelta(1)
        parts = [
            "seen once" if looks == 1 else f"seen {looks} times, over {days + 1} days",
            f"lowest {_money(least.low, series[0].currency)} on {least.at:%Y-%m-%d}",
        ]
    if any(one.has_gap for one in series):
        parts.append("dotted: nobody looked")
    return "; ".join(parts)


def _line(y: int, text: str) -> str:
    return f'<text class="s" x="{_LEFT}" y="{y}">{escape(text)}</text>' if text else ""


def _money(cents: int, currency: str) -> str:
    return f"${dollars(cents)}" if currency == "USD" else f"{dollars(cents)} {currency}"


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
