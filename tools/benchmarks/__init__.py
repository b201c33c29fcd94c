"""What tools/bench measures: the computer's side is here, the board's in board/, one module for each group in groups/."""
