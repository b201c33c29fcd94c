"""A mutation fuzzer: it gives the programs and services of a simulated board damaged input and looks for faults."""
