# micrOS's module Types: the help of a Load Module, as text or as widgets for a dashboard.
#
#   BUTTON toggle    SLIDER brightness br=<0-100-5>    TEXTBOX{"refresh": 2000} measure    STATUS status

import json

_PERCENT = (0, 100, 2)  # least, most, step
_BYTE = (0, 255, 2)


def defaults(tag):
    """What a widget is where its help says nothing else, None for no widget."""
    return {
        "BUTTON": {"type": "button", "result": False, "options": ("None",)},
        "SLIDER": {"type": "slider", "range": _PERCENT},
        "TEXTBOX": {"type": "textbox", "refresh": 10000},
        "COLOR": {"type": "color", "range": _BYTE},
        "WHITE": {"type": "white", "range": _BYTE},
        "JOYSTICK": {"type": "joystick", "range": _PERCENT},
        "STATUS": {"type": "status", "wtype": "auto"},
        "GRAPH": {"type": "graph", "refresh": 3000, "limit": 30},
        "EMBED": {"type": "embed", "image": False, "title": None},
    }.get(tag)


def resolve(help_data, widgets=False):
    """The lines of a help: without their tags, or those with a tag as JSON."""
    found = []
    for line in help_data:
        tag, own, command = parts(line)
        if not tag:
            if not widgets:
                found.append(line)
        elif widgets:
            widget = defaults(tag)
            if widget is not None:
                found.append(json.dumps(described(widget, own, command)))
        elif tag != "EMBED":
            found.append(command)
    return tuple(found)


def parts(line):
    """A line as (tag or "", dict of what it says of the widget, command)."""
    line = line.strip()
    end = 0
    while end < len(line) and line[end].isalpha():
        end += 1
    tag = line[:end]
    rest = line[end:].lstrip()
    if not tag.isupper() or (end < len(line) and line[end] not in " {"):
        return "", {}, line
    if rest[:1] != "{":
        return tag, {}, rest
    text, _, rest = rest.partition("}")
    try:
        own = json.loads(text + "}")
    except ValueError:
        from services.micros import values  # late: Python's way to write it

        own = values.arguments(text + "}")[0][0]
    return tag, own, rest.lstrip()


def described(widget, own, command):
    """A widget with what its line says of it, and its callback."""
    widget.update(own)
    words = command.split()
    if not words:
        return widget
    for i in range(1, len(words)):
        word = words[i]
        name, equals, value = word.partition("=")
        if equals:
            kind, limits = span(value, widget)
            if kind:
                widget[kind] = limits
                words[i] = f"{name}=:{kind}:"
            elif limits:
                words[i] = ""
        elif word[0] != "&":
            words[i] = f"{name}=:{'range' if 'range' in widget else 'options'}:"
    widget["callback"] = words[0] + " " + " ".join([word for word in words[1:] if word])
    return widget


def span(value, widget):
    """What <0-100-5> or <A,B> say: (range or options, their values); (None, True) for what cannot be understood."""
    if value[:1] != "<" or value[-1:] != ">":
        return None, False
    value = value[1:-1]
    if "-" in value:
        numbers = value.split("-")
        if not all(number.isdigit() for number in numbers) or len(numbers) > 3:
            return None, True
        step = int(numbers[2]) if len(numbers) > 2 else widget.get("range", (0, 0, 1))[2]
        return "range", (int(numbers[0]), int(numbers[1]), step)
    if "," in value:
        return "options", tuple(value.split(","))
    return None, False
