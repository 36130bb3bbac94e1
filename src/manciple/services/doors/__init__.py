"""Where the outside comes in: HTTP, WebSockets and unix sockets, and the paths behind them."""
