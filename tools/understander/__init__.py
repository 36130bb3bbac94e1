"""How the understander is made from the sentences in training/."""
