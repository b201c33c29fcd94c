"""The groups of figures. Each module has measure(simulator, quick), which yields the rows of its group."""
