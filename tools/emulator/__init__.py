"""A Raspberry Pi Pico W on this computer: chip/ is the board, in JavaScript; here are its firmware, its files and its cables."""
