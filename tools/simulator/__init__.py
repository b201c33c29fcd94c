"""The computer's side of Diatom's simulator; what the simulated board runs is in board/ and devices/."""
