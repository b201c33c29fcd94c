"""A mutation fuzzer: it feeds damaged input to programs and services of a simulated board and looks for faults."""
