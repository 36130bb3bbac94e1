"""Commands: a thin face of services and actions on the terminal."""
