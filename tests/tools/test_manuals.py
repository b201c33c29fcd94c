"""The manual of a program is the same from its source and from an image of compiled programs."""


def test_a_compiled_image_has_the_same_manuals(sim):
    script = "help tee; help ls; help -l | grep '^ls '"
    plain, compiled = sim(script), sim(script, image="mpy")
    assert "\n\n  -a  append" in plain.stdout
    assert compiled.stdout == plain.stdout
