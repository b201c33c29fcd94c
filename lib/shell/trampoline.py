# Recursion without stack: generators that call each other through a loop (DESIGN law 8).
#
# The parser and the interpreter are written as recursive functions are, but as generators: `x = yield f()` calls the
# generator f() and gets its return value. run() keeps the callers in a chain, so nesting costs heap and the C stack
# stays as deep as one call; `return f()` runs f() in the place of the one that returns. What waits (asyncio's
# primitives yield None) passes through to the event loop.

from micropython import const

from base.errors import Failure

_Generator = type((lambda: (yield))())

_CALLS_MAX = const(1000)  # calls inside each other


def run(gen):
    """Run gen and all that it calls; a generator for the event loop that returns gen's result."""
    callers = None  # (generator, callers): small cells, since a long list needs one piece of heap
    depth = 0
    value = error = None
    while True:
        try:
            if error is None:
                called = gen.send(value)
            else:
                e, error = error, None
                called = gen.throw(e)
        except StopIteration as e:
            value = e.value
            if isinstance(value, _Generator):
                gen = value
                value = None
            elif callers:
                gen, callers = callers
                depth -= 1
            else:
                return value
            continue
        except BaseException as e:
            if not callers:
                raise
            gen, callers = callers
            depth -= 1
            error = e
            continue
        value = None
        if called is None:
            try:
                yield
            except BaseException as e:
                error = e
        else:
            if depth >= _CALLS_MAX:
                called.close()
                error = Failure("", "nested too deeply")
                continue
            callers = (gen, callers)
            depth += 1
            gen = called
