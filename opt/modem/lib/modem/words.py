# The common error codes of a modem (3GPP TS 27.007, 9.2), and texts as parameters.

from base.errors import Failure

_CME = (
    "3 operation not allowed|4 operation not supported|10 SIM not inserted|11 SIM PIN required|"
    "12 SIM PUK required|13 SIM failure|14 SIM busy|15 wrong SIM|"
    "16 incorrect password|20 memory full|21 invalid index|30 no network service|31 network timeout|"
    "32 emergency calls only|50 incorrect parameters|100 unknown error|107 GPRS services not allowed|"
    "133 service option not subscribed|148 unspecified GPRS error"
)


def meaning(why):
    """The modem's error with its meaning."""
    kind, colon, number = why.partition("ERROR:")
    number = number.strip()
    if kind == "+CME " and number.isdigit():
        for entry in _CME.split("|"):
            if entry.startswith(number + " "):
                return f"+CME ERROR {number}: {entry[len(number) + 1 :]}"
    if why[:4] == "busy":
        return "busy"
    return why.replace("ERROR: ", "ERROR ")


def quoted(text):
    """Quote a text as a parameter of a command, with the escapes of ESP-AT."""
    for c in text:
        if c < " ":
            raise Failure("", "control character in a text for the modem")
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace(",", "\\,") + '"'


def unquoted(text):
    """The text of a parameter in an answer."""
    text = text.strip()
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] == '"' else text
