"""The manual of a program is the same from its source and from an image of compiled programs."""


def test_a_compiled_image_has_the_same_manuals(sim, tmp_path):
    script = "help tee; help ls; help -l | grep '^ls '"
    plain = sim(script, image="source")
    compiled = sim(script, image="mpy", flash_size="6M", flash=str(tmp_path / "compiled.img"))
    assert "\n\n  -a  append" in plain.stdout
    assert compiled.stdout == plain.stdout
