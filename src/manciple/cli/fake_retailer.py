"""`manciple fake-retailer`: a shop on this machine for trying, testing and breaking things."""

from pathlib import Path
from typing import Annotated

import typer
import uvicorn
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from rich.console import Console

from manciple.kit.clock import SystemClock
from manciple.kit.errors import InvalidInput
from manciple.services.doors.sockets import listen, port_of
from manciple.services.fake_shop.faults import Fault, Schedule
from manciple.services.fake_shop.market import Market
from manciple.services.fake_shop.pages import Layout
from manciple.services.fake_shop.server import FakeShop
from manciple.services.fake_shop.wares import bundled_wares


def fake_retailer(
    *,
    seed: Annotated[int, typer.Option(help="The same seed gives the same market.")] = 1,
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes a free one.")] = 3900,
    faults: Annotated[
        str,
        typer.Option(
            metavar="SCHEDULE",
            help=f"What goes wrong with each request in turn, round and round, as in "
            f"none*8,slow,429: {', '.join(Fault)}.",
        ),
    ] = "none",
    layout: Annotated[
        Layout | None, typer.Option(help="One layout for all search pages; else all in turn.")
    ] = None,
    pace: Annotated[float, typer.Option(min=0.01, help="How much faster its jobs are.")] = 1.0,
    api_key: Annotated[str, typer.Option(help="The key that its datasets ask for.")] = "fake-key",
    affiliate_key: Annotated[
        Path | None, typer.Option(help="Public RSA key (PEM) of who may use its affiliate API.")
    ] = None,
) -> None:
    """Run a shop on this machine that answers as the real ones do; its prices are made up.

    It has the shop's search, product and order pages, Bright Data's datasets and unlocker, and the
    affiliate API. Point `sources.pages_url`, `sources.brightdata_url` or `sources.affiliate_url` at
    it. `POST /_faults` changes the schedule of faults while it runs.
    """
    shop = FakeShop(
        market=Market(seed, bundled_wares()),
        clock=SystemClock(),
        api_key=api_key,
        key=_public_key(affiliate_key) if affiliate_key else None,
        faults=Schedule.read(faults),
        pace=pace,
        layout=layout,
    )
    bound = listen("127.0.0.1", port, variable="--port", backlog=128)
    where = f"http://127.0.0.1:{port_of(bound)}"
    Console().print(
        f"the fake shop is open ({len(shop.market.wares)} wares, seed {seed})\n"
        f"  search    {where}/search?q=milk\n"
        f"  orders    {where}/orders\n"
        f"  datasets  {where}/datasets/v3 (key {api_key})\n"
        f"  faults    curl -d 'none*3,500' {where}/_faults\n"
        f"Ctrl-C stops it.",
        highlight=False,
        soft_wrap=True,
    )
    config = uvicorn.Config(shop.app(), lifespan="off", log_level="error", access_log=False)
    uvicorn.Server(config).run(sockets=[bound])


def _public_key(path: Path) -> RSAPublicKey:
    try:
        key = load_pem_public_key(path.read_bytes())
    except (OSError, ValueError) as error:
        raise InvalidInput.at("affiliate-key", f"{path} is no public key in PEM") from error
    if not isinstance(key, RSAPublicKey):
        raise InvalidInput.at("affiliate-key", "expected an RSA key")
    return key
