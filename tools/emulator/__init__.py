"""A Raspberry Pi Pico W on this computer: chip/ is the board, in JavaScript; its firmware, files and connections are here."""
