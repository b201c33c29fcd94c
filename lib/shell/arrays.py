# Arrays, as ksh and bash have them: a=(x y) a[i]=v ${a[i]} ${a[@]} ${#a[@]} ${!a[@]}, and typeset -A. And ${!name}.
# Loaded with the first of them.
#
# How they are written, and what the parser makes of that: shell/assignment.py.

from micropython import const

from base.errors import Failure
from shell import expand, parameters
from shell.lexer import is_name

_ELEMENTS_MAX = const(4096)
_DEPTH_MAX = const(3)  # subscripts inside each other's arithmetic: each takes calls of its own

_depth = 0


class Array:
    """The value of a variable that is an array; as text it is its element 0.

    It is known by its attribute `keyed`: this module may be forgotten and loaded again while there are arrays.
    """

    def __init__(self, keyed=False):
        self.keyed = keyed  # typeset -A: any text is a subscript
        self.owner = None  # the variables of the one shell that may change it in place
        self.items = {}
        self.order = []  # the keys of one that is keyed, as they came

    def __str__(self):
        value = self.get("0" if self.keyed else 0)
        return "" if value is None else value

    def get(self, key):
        if not self.keyed and key < 0:
            key += self.next()
        return self.items.get(key)

    def set(self, key, value):
        if not self.keyed and key < 0:
            key += self.next()
            if key < 0:
                raise Failure(str(key), "bad array subscript")
        if key not in self.items:
            if len(self.items) >= _ELEMENTS_MAX:
                raise Failure("", f"more than {_ELEMENTS_MAX} elements in an array")
            if self.keyed:
                self.order.append(key)
        self.items[key] = value

    def remove(self, key):
        if self.items.pop(key, None) is not None and self.keyed:
            self.order.remove(key)

    def next(self):
        """The index behind the last element."""
        return max(self.items) + 1 if self.items else 0

    def keys(self):
        return self.order if self.keyed else sorted(self.items)

    def values(self):
        return [self.items[key] for key in self.keys()]

    def copy(self):
        other = Array(self.keyed)
        other.items = self.items.copy()
        other.order = list(self.order)
        return other


def target_of(shell, name):
    """The variable that name is, or refers to (typeset -n)."""
    value = shell.vars.get(name)
    return value.name if hasattr(value, "name") else name


def array_of(shell, name):
    """The array called name, made of what is there; it may be changed."""
    name = target_of(shell, name)
    value = shell.vars.get(name)
    if not hasattr(value, "keyed"):
        array = Array()
        if value is not None:
            array.set(0, expand.text_of(value))
    else:
        shell.own()
        if value.owner is shell.vars:
            return value
        array = value.copy()  # a subshell may have the old one
    shell.assign(name, array)
    array.owner = shell.vars
    return array


def key_of(shell, array, text):
    """The key that a subscript is."""
    global _depth
    if hasattr(array, "keyed") and array.keyed:
        if len(text) > 1 and text[0] in "'\"" and text[-1] == text[0]:
            text = text[1:-1]
        return text
    if text.isdigit():
        return int(text)
    if _depth >= _DEPTH_MAX:
        raise Failure(text, "subscripts nested too deeply")
    _depth += 1
    try:
        return shell.arith(text)
    finally:
        _depth -= 1


def values_of(shell, name):
    """The elements of a variable: (keys, values)."""
    value = lookup(shell, name)
    if hasattr(value, "keyed"):
        return value.keys(), value.values()
    return ([], []) if value is None else ([0], [expand.text_of(value)])


def lookup(shell, name):
    """shell.lookup(), with the lists that the shell makes itself as arrays."""
    if name not in shell.vars and name == name.upper():
        from shell import special  # late: rare

        values = special.elements(shell, name)
        if values is not None:
            array = Array()
            array.items = dict(enumerate(values))
            return array if values else None
    return shell.lookup(target_of(shell, name))


def get(shell, reference):
    """The value of `name[subscript]` as arithmetic and test -v write it; None where it is not set."""
    name, _, subscript = reference[:-1].partition("[")
    array = lookup(shell, name)
    if subscript in ("@", "*"):
        return values_of(shell, name)[1] or None
    return value_at(array, key_of(shell, array, subscript))


def is_set(shell, name):
    """test -v: name or name[subscript] has a value."""
    value = lookup(shell, name) if is_name(name) or name[-1:] == "]" or name.isdigit() else None
    return value is not None and (not hasattr(value, "keyed") or value.get("0" if value.keyed else 0) is not None)


def value_at(array, key):
    if hasattr(array, "keyed"):
        return array.get(key)
    return array if key == 0 or key == -1 else None


def put(shell, reference, value):
    """Assign to `name[subscript]`."""
    name, _, subscript = reference[:-1].partition("[")
    if name in shell.readonly:
        raise Failure(name, "readonly variable")
    array = array_of(shell, name)
    array.set(key_of(shell, array, subscript), expand.text_of(value))


def unset(shell, reference):
    """Forget `name[subscript]`."""
    name, _, subscript = reference[:-1].partition("[")
    if name in shell.readonly:
        raise Failure(name, "readonly variable")
    value = shell.vars.get(name)
    if not hasattr(value, "keyed"):
        return
    array = array_of(shell, name)
    if subscript in ("@", "*"):
        for key in list(array.keys()):
            array.remove(key)
    else:
        array.remove(key_of(shell, array, subscript))


def assign(shell, item):
    """Do one assignment of a simple command; a generator."""
    name, value = item[0], item[1]
    add = name[-1] == "+"
    if add:
        name = name[:-1]
    if name in shell.readonly:
        raise Failure(name, "readonly variable", 1 if shell.bash else 2)
    if isinstance(value, tuple):
        yield assign_all(shell, name, value, add)
        return
    value = yield expand.slow_single(shell, [value] if isinstance(value, str) else value)
    text = yield expand.slow_single(shell, item[2])
    array = array_of(shell, name)
    key = key_of(shell, array, text)
    array.set(key, (array.get(key) or "") + value if add else value)


def assign_all(shell, name, words, add):
    """name=(words), or name+=(words)."""
    items = yield items_of(shell, words)
    fill(shell, name, items, add)


def items_of(shell, words):
    """What stands in a=( ... ), expanded: texts, and (subscript, text); a generator."""
    items = []
    for word in words:
        if isinstance(word, tuple):
            value = yield expand.slow_single(shell, [word[1]] if isinstance(word[1], str) else word[1])
            text = yield expand.slow_single(shell, word[2])
            items.append((text, value))
            continue
        found = expand.fields(shell, (word,))
        if not isinstance(found, list):
            found = yield found
        items.extend(found)
    return items


def fill(shell, name, items, add=False, keyed=False):
    """Make name an array of these items, or add them to it."""
    name = target_of(shell, name)
    old = shell.vars.get(name)
    array = Array(keyed or (hasattr(old, "keyed") and old.keyed))
    if add and hasattr(old, "keyed"):
        array = old.copy()
    elif add and old is not None:
        array.set(0, expand.text_of(old))
    number = shell.attributes and "i" in shell.attributes.get(name, "")
    at = array.next() if not array.keyed else None
    for item in items:
        if isinstance(item, tuple):
            key, value = item
            key = key_of(shell, array, key)
            at = key
        elif array.keyed:  # key and value in turn
            if at is None:
                at = item
                array.set(at, "")
                continue
            key, value = at, item
        else:
            key, value = at, item
        array.set(key, str(shell.arith(value)) if number else value)
        at = key + 1 if not array.keyed else None
    shell.assign(name, array)


# --- expansion


def param(f, part):
    """${...} with a subscript or an indirection: as shell.parameters.param(); a generator."""
    shell = f.shell
    quoted, name, op, subscript, indirect = part[1], part[2], part[3], part[6], part[7]
    if indirect and subscript not in ("@", "*"):
        if op in ("@", "*"):
            return several(f, quoted, op, sorted([n for n in shell.vars if n.startswith(name)]))
        target = shell.lookup(name)
        if hasattr(target, "name"):
            return target.name
        if target is None:
            raise Failure(name, "parameter not set")
        target = expand.text_of(target)
        if target[-1:] == "]":
            return plain(f, part, get(shell, target))
        if not is_name(target) and not target.isdigit() and target not in ("@", "*", "#", "?", "-", "$", "!"):
            raise Failure(target, "invalid variable name")
        part = part[:6]
        part[2] = target
        return plain(f, part, shell.lookup(target))
    if subscript in ("@", "*"):
        keys, values = values_of(shell, name)
        if indirect:
            return several(f, quoted, subscript, [str(key) for key in keys])
        return all_of(f, part, values, subscript, keys)
    if op == "=" or op == ":=":
        text = yield expand.slow_single(shell, subscript)
        array = array_of(shell, name)
        key = key_of(shell, array, text)
        value = array.get(key)
        if value is None or (op == ":=" and not value):
            value = yield expand.slow_single(shell, parameters.nested(part))
            array.set(key, value)
        return value
    array = lookup(shell, name)
    text = yield expand.slow_single(shell, subscript)
    return plain(f, part, value_at(array, key_of(shell, array, text)))


def plain(f, part, value):
    """What comes of a value that is known; text, None, or a generator."""
    if part[3]:
        return parameters.param_of(f, part, value)
    if value is None:
        if f.shell.flag("u"):
            raise expand.Unset(part[2], "parameter not set")
        return ""
    return expand.text_of(value)


def several(f, quoted, star, values):
    """Add values as ${a[@]} or ${a[*]} does."""
    if f.single or (star == "*" and quoted):
        ifs = f.shell.ifs() if star == "*" else " "
        return ifs[:1].join(values)
    f.params(quoted, values)
    return None


def all_of(f, part, values, star, keys=()):
    """${a[@]...} with an operator, or without; a generator."""
    quoted, op = part[1], part[3]
    if op == "len":
        return str(len(values))
    if op and op[-1] in "-=?+":
        missing = not values or (op[0] == ":" and len(values) == 1 and not values[0])
        if missing != (op[-1] == "+"):
            return (yield parameters.param_of(f, part[:6], None if op[-1] != "+" else "x"))
        if op[-1] == "+":
            values = ()
    elif op:
        from shell import modifiers  # late: the rarer forms
        from text import pattern  # noqa: F401  (leaves first)

        if op == ":":
            values = yield modifiers.slice_of(f.shell, part, values)
        else:
            out = None
            if op[0] == "@":
                from shell import modifiers  # late: rare

                out = modifiers.whole(f.shell, part, keys, values)
            if out is None:
                out = []
                for value in values:
                    value = yield modifiers.apply(f.shell, part, value)
                    out.append(value)
            values = out
    return several(f, quoted, star, values)
