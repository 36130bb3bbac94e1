"""House rules that general linters do not know, each a small check of the syntax tree."""
