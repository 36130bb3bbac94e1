"""The event loop that servers run on: uvloop where it exists."""

import asyncio

try:
    import uvloop
except ImportError:  # Windows has none
    new_loop = asyncio.new_event_loop
else:
    new_loop = uvloop.new_event_loop
