# The services that the new system must run, too.

from base.errors import Failure
from services import definitions
from services.states import state_of


def services():
    """The names of the services that run now."""
    found = []
    for name in definitions.names():
        try:
            definition = definitions.read(name)
        except Failure:  # not a service, then
            continue
        if definition.enabled and state_of(definition)[0] == "running":
            found.append(definition.name)
    return found
