# Which package brings a command that is not there: commands.txt, which tools/manual writes, has COMMAND PACKAGE in each line.

PLACES = ("/lib/packages/commands.txt", "/rom/lib/packages/commands.txt")


def package_of(command):
    """The name of the package, or None."""
    for place in PLACES:
        try:
            with open(place, "rb") as file:
                while line := file.readline():
                    name, _, package = line.decode().strip().partition(" ")
                    if name == command:
                        return package
        except OSError:  # the system is elsewhere
            pass
    return None


def not_found(command):
    """What to say of a command that is not there."""
    package = package_of(command)
    return f"not found (pkg install {package})" if package else "not found"
