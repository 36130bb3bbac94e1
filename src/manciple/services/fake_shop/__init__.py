"""A shop on this machine that answers as the real ones do, and misbehaves on purpose."""
