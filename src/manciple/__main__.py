"""Runs the command line: `python -m manciple`."""

from manciple.cli.app import main

if __name__ == "__main__":
    main()
