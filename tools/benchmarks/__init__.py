"""The measurements of tools/bench: the computer's side is here, the board's in board/, one module per group in groups/."""
