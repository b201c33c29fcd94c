"""Programs that tests write onto a board."""


def program(name, text):
    """The shell commands that write a program into /tmp."""
    return f"cat > /tmp/{name}.py <<'END'\n{text}\nEND\n"
