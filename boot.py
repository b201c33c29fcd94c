# Runs before main.py, and depends on nothing but the firmware.
