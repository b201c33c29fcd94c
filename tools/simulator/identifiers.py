"""What each file of a tree does with which names: the facts from which renaming decides what may be shortened."""

import ast
import re

WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
LOOKUPS = ("getattr", "setattr", "hasattr", "delattr")


class Facts:
    """The names of one source, by what it does with them."""

    SETS = (
        "names",  # every identifier, whatever it is used for
        "attributes",  # .name
        "keywords",  # name= in a call
        "imported",  # the parts of what import and from name
        "words",  # words in string constants: what getattr(), globals() and tables may ask for
        "scope",  # functions, arguments and globals of the module
        "members",  # methods and other names of classes, and what is stored as self.name
        "foreign",  # stored as attributes of something else than self
        "receivers",  # attributes of what an import has brought
        "classes",  # those that are made of others: exceptions, which messages name, and what io and asyncio know
        "hidden",  # constants that the compiler leaves out: _NAME = const(...)
        "constants",  # NAME = const(...) that could be left out, were it not for the missing underscore
    )

    def __init__(self, text):
        for name in self.SETS:
            setattr(self, name, set())
        self.bases = []  # classes that those here are made of: (module or None, name)
        tree = ast.parse(text)
        _Reader(self).read(tree)

    def __getstate__(self):
        return {name: sorted(getattr(self, name)) for name in self.SETS} | {"bases": self.bases}

    def __setstate__(self, state):
        for name in self.SETS:
            setattr(self, name, set(state[name]))
        self.bases = [tuple(base) for base in state["bases"]]


class _Reader(ast.NodeVisitor):
    """Collects the facts in one walk."""

    def __init__(self, facts):
        self.facts = facts
        self.scopes = []  # the functions and classes around a node
        self.brought = {}  # name: the module it is, or the module and the name it has there
        self.first = {}  # constants: the line of their first use
        self.defined = {}  # the line of NAME = const(...)

    def read(self, tree):
        self.visit(tree)
        for name, line in self.defined.items():
            (self.facts.hidden if name[0] == "_" else self.facts.constants).add(name)
            if self.first.get(name, line) < line:  # the compiler knows it from its definition on
                self.facts.constants.discard(name)

    def visit(self, node):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            body = node.body  # a docstring is no constant of the program
            if body and isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant):
                node.body = body[1:]
        return super().visit(node)

    def generic_visit(self, node):
        for _, value in ast.iter_fields(node):
            for item in value if isinstance(value, list) else (value,):
                if isinstance(item, ast.AST):
                    self.visit(item)

    def define(self, name):
        """A name that is bound here: of the module, of a class, or a local of a function, which is in no table."""
        self.facts.names.add(name)
        if not self.scopes:
            self.facts.scope.add(name)
        elif isinstance(self.scopes[-1], ast.ClassDef):
            self.facts.members.add(name)

    def visit_FunctionDef(self, node):
        for item in node.decorator_list:
            self.visit(item)
        self.define(node.name)
        if not (self.scopes and isinstance(self.scopes[-1], ast.ClassDef)):
            self.facts.scope.add(node.name)  # a function inside another has its name in the code, too
        self.function(node, node.body)

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_Lambda(self, node):
        self.function(node, [node.body])

    def function(self, node, body):
        arguments = node.args
        for value in arguments.defaults + [value for value in arguments.kw_defaults if value]:
            self.visit(value)
        self.scopes.append(node)
        every = arguments.posonlyargs + arguments.args + arguments.kwonlyargs
        for argument in every + [item for item in (arguments.vararg, arguments.kwarg) if item]:
            self.facts.names.add(argument.arg)
            self.facts.scope.add(argument.arg)
        for item in body:
            self.visit(item)
        self.scopes.pop()

    def visit_ClassDef(self, node):
        self.define(node.name)
        if node.bases:
            self.facts.classes.add(node.name)
        for base in node.bases:
            self.visit(base)
            if isinstance(base, ast.Name):
                self.facts.bases.append(self.brought.get(base.id, (None, base.id)))
            elif isinstance(base, ast.Attribute):
                module = base.value.id if isinstance(base.value, ast.Name) else ""
                self.facts.bases.append((self.brought.get(module, (module, ""))[0], base.attr))
        for item in node.decorator_list + node.keywords:
            self.visit(item)
        self.scopes.append(node)
        for item in node.body:
            self.visit(item)
        self.scopes.pop()

    def comprehension(self, node):
        self.scopes.append(node)  # its variables are its own
        self.generic_visit(node)
        self.scopes.pop()

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = comprehension

    def visit_Global(self, node):
        self.facts.names.update(node.names)
        self.facts.scope.update(node.names)

    def visit_Nonlocal(self, node):
        self.facts.names.update(node.names)

    def visit_ExceptHandler(self, node):
        if node.name:
            self.define(node.name)
        self.generic_visit(node)

    def visit_Import(self, node):
        for alias in node.names:
            self.facts.imported.update(alias.name.split("."))
            name = alias.asname or alias.name.split(".")[0]
            self.define(name)
            self.brought[name] = (alias.name if alias.asname else name, "")

    def visit_ImportFrom(self, node):
        self.facts.imported.update((node.module or "").split("."))
        for alias in node.names:
            self.facts.imported.add(alias.name)
            self.define(alias.asname or alias.name)
            self.brought[alias.asname or alias.name] = (node.module or "", alias.name)

    def visit_Name(self, node):
        if isinstance(node.ctx, ast.Load):
            self.facts.names.add(node.id)
            self.first.setdefault(node.id, node.lineno)
        else:
            self.define(node.id)

    def visit_Attribute(self, node):
        self.facts.names.add(node.attr)
        self.facts.attributes.add(node.attr)
        base = node.value.id if isinstance(node.value, ast.Name) else None
        if not isinstance(node.ctx, ast.Load):
            (self.facts.members if base == "self" else self.facts.foreign).add(node.attr)
        elif base in self.brought:
            self.facts.receivers.add(node.attr)
        self.visit(node.value)

    def visit_keyword(self, node):
        if node.arg:
            self.facts.names.add(node.arg)
            self.facts.keywords.add(node.arg)
        self.visit(node.value)

    def visit_Assign(self, node):
        value = node.value
        if isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id == "const":
            target = node.targets[0]
            if not self.scopes and isinstance(target, ast.Name):
                self.defined[target.id] = node.lineno
        self.generic_visit(node)

    def visit_Call(self, node):
        if isinstance(node.func, ast.Name) and node.func.id in LOOKUPS and len(node.args) > 1:
            if isinstance(node.args[1], ast.Constant):
                self.facts.attributes.add(node.args[1].value)
        self.generic_visit(node)

    def visit_Constant(self, node):
        if isinstance(node.value, bytes):
            self.facts.words.update(words(node.value.decode("latin-1")))
        elif isinstance(node.value, str):
            self.facts.words.update(words(node.value))


def words(text):
    """The words of a text that could be names; in capitals they may be meant in small letters, too."""
    found = WORD.findall(text)
    return {*found, *[word.lower() for word in found]}
