# What the errors of a modem mean (3GPP TS 27.007, 9.2, those that people meet), and texts as parameters.

from base.errors import Failure

_CME = (
    "3 it is not allowed|4 it is not supported|10 there is no SIM card|11 the SIM card wants its PIN|"
    "12 the SIM card wants its PUK|13 the SIM card has failed|14 the SIM card is busy|15 the wrong SIM card|"
    "16 the wrong password|20 its memory is full|21 no such index|30 there is no network|31 the network is silent|"
    "32 emergency calls only|50 a wrong parameter|100 it does not know why|107 the network does not let it in|"
    "133 the network does not offer that|148 it does not know why"
)


def meaning(why):
    """The modem's word with what it means."""
    kind, colon, number = why.partition("ERROR:")
    number = number.strip()
    if kind == "+CME " and number.isdigit():
        for entry in _CME.split("|"):
            if entry.startswith(number + " "):
                return f"+CME ERROR {number}: {entry[len(number) + 1 :]}"
    if why[:4] == "busy":
        return "that it is busy"
    return why.replace("ERROR: ", "ERROR ")


def quoted(text):
    """A text as a parameter of a command: what would end it is escaped, as ESP-AT has it."""
    for c in text:
        if c < " ":
            raise Failure("", "a text for the modem has no line ends")
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace(",", "\\,") + '"'


def unquoted(text):
    """A parameter of an answer as text."""
    text = text.strip()
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] == '"' else text
