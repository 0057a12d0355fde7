"""Random Jinja templates, and what transformers makes of each.

    random_templates.py COUNT SEED OUT.json

OUT holds the variables that all are rendered with, and for each template its text and either what was rendered or the
error. Templates whose output is an address in memory are left out.
"""

import json
import random
import re
import sys

from transformers.utils.chat_template_utils import render_jinja_template

MESSAGES = [
    {"role": "system", "content": "  Be é brief.\n"},
    {"role": "user", "content": "Hi, 'you' \"there\" <x>", "n": 3},
    {"role": "assistant", "content": "a,b,,c", "items": [1, 2.5, None], "tool": {"k": "v", "z": [True, {"q": 1}]}},
    {"role": "user", "content": [{"type": "text", "text": "part"}, {"type": "image"}]},
]
VARIABLES = {
    "s": "Hello World foo-bar",
    "u": "",
    "w": " \t x\ny 😀 ",
    "n": 3,
    "k": -7,
    "f": 2.5,
    "t": True,
    "z": None,
    "l": [3, 1, 2],
    "ls": ["b", "A", "c", ""],
    "e": [],
    "d": {"a": 1, "b": "two", "items": [1], "c": None},
}
NAMES = [*VARIABLES, "messages", "nope", "messages[0]", "messages[2]", "messages[-1]", "d.a", "messages[2].tool"]
TEXTS = ["a", "o", "", " ", "ab c", "x\\n", "\\\"q\\\"", "é", "😀b", "l", "Hello", ",", "%s|%d", "{}-{0}", "user", "12", "-3.5"]
FILTERS = [
    "upper", "lower", "title", "capitalize", "trim", "length", "string", "int", "float", "list", "first", "last",
    "join", "join(', ')", "join('-', attribute='role')", "sort", "sort(reverse=true)", "sort(case_sensitive=true)",
    "unique|list", "reverse|list", "tojson", "tojson(indent=2)", "default('dd')", "default('dd', true)", "d(1)", "abs",
    "round", "round(1)", "sum", "min", "max", "items|list", "dictsort", "map('upper')|list", "map('string')|join('|')",
    "map(attribute='role')|list", "map(attribute='content.0.type', default='-')|list", "select|list",
    "select('string')|list", "reject('none')|list", "selectattr('n')|list|length",
    "selectattr('role', 'equalto', 'user')|list|length", "rejectattr('items', 'defined')|map(attribute='role')|join",
    "replace('o', '0')", "replace('l', 'LL', 1)", "indent", "indent(2, true)", "e", "safe", "escape|string", "count",
    "attr('upper')", "map('int')|sum", "map('length')|list", "map('trim')|map('default', 'x')|list",
]
TESTS = [
    "defined", "undefined", "none", "string", "number", "integer", "float", "boolean", "mapping", "iterable",
    "sequence", "callable", "true", "false", "odd", "even", "divisibleby 3", "eq 3", "ne 'a'", "gt 2", "lt(1)",
    "in [1, 3, 'a']", "sameas true", "lower", "upper", "equalto 'user'",
]
METHODS = [
    "upper()", "lower()", "title()", "capitalize()", "swapcase()", "strip()", "lstrip()", "rstrip()", "strip('o ')",
    "split()", "split(' ')", "split('o', 1)", "rsplit('o', 1)", "split(',')[-1]", "splitlines()", "partition(' ')",
    "rpartition('o')", "replace('o', '')", "replace('l', '1', 1)", "startswith('H')", "endswith(('r', ' '))",
    "find('o')", "rfind('o')", "count('l')", "isdigit()", "isalpha()", "isalnum()", "isspace()", "isupper()",
    "islower()", "zfill(5)", "ljust(8, '.')", "rjust(8)", "center(9, '*')", "removeprefix('He')", "removesuffix('bar')",
    "join(ls)", "join(l)", "format(n, s)", "index('o')", "get('a')", "get('x', 4)", "keys()|list", "values()|list",
    "items()|list", "count(1)", "index(1)", "copy()",
]
rng = random.Random()


def pick(*options):
    return rng.choice(options)


def literal():
    return pick(
        lambda: str(rng.randint(-3, 12)),
        lambda: rng.choice(["0.5", "2.0", "1e20", "1e-7", "3.14159"]),
        lambda: "'" + rng.choice(TEXTS) + "'",
        lambda: rng.choice(["true", "false", "none", "True", "None"]),
    )()


def expression(depth):
    if depth <= 0:
        return rng.choice(NAMES) if rng.random() < 0.6 else literal()
    inner = lambda: expression(depth - 1 - (rng.random() < 0.4))
    return pick(
        lambda: rng.choice(NAMES),
        literal,
        lambda: f"{inner()} {pick('+', '-', '*', '/', '//', '%', '~', '~', '~')} {inner()}",
        lambda: f"{inner()} {pick('==', '!=', '<', '<=', '>', '>=', 'in', 'not in')} {inner()}",
        lambda: f"{inner()} {pick('and', 'or')} {inner()}",
        lambda: f"not {inner()}",
        lambda: f"-{inner()}",
        lambda: f"({inner()})",
        lambda: f"{inner()} if {inner()} else {inner()}",
        lambda: f"({inner()})|{rng.choice(FILTERS)}",
        lambda: f"{inner()}|{rng.choice(FILTERS)}",
        lambda: f"{rng.choice(NAMES)}|{rng.choice(FILTERS)}",
        lambda: f"{inner()} is {pick('', 'not ')}{rng.choice(TESTS)}",
        lambda: f"{rng.choice(['s', 'w', 'u', 'd', 'l', 'ls'])}.{rng.choice(METHODS)}",
        lambda: f"({inner()}).{rng.choice(METHODS)}",
        lambda: f"{rng.choice(NAMES)}[{pick('', '1', '-1', 'n', '-2')}:{pick('', '2', '-1', 'n')}{pick('', '', ':-1', ':2')}]",
        lambda: f"{rng.choice(NAMES)}[{inner()}]",
        lambda: f"({inner()}).{pick('role', 'content', 'items', 'a', 'x', 'upper')}",
        lambda: f"[{inner()}, {inner()}]",
        lambda: f"({inner()}, {inner()})",
        lambda: "{'a': " + inner() + ", 'é': " + inner() + "}",
        lambda: f"range({rng.randint(-1, 4)}, {rng.randint(0, 6)})|list",
    )()


def tag(text):
    return "{%" + pick("", "", "-", "+") + " " + text + " " + pick("", "", "-") + "%}"


def body(depth, loops):
    return "".join(statement(depth - 1, loops) for _ in range(rng.randint(1, 3)))


def statement(depth, loops):
    def shown(depth=2):
        return "{{" + pick("", "-") + " " + expression(depth) + " " + pick("", "-") + "}}"

    text = lambda: rng.choice(["x", " ", "\n", "\n  ", "  \n", " y ", "\n\n", "<é>", "\t", "z\n"])
    if depth <= 0:
        return pick(text, shown)()
    return pick(
        text,
        shown,
        lambda: "{#" + pick("", "-") + " c " + pick("", "-") + "#}",
        lambda: tag("if " + expression(2)) + body(depth, loops) + tag("else") + body(depth, loops) + tag("endif"),
        lambda: tag("if " + expression(1)) + body(depth, loops) + tag("elif " + expression(1)) + body(depth, loops) + tag("endif"),
        lambda: tag("for i in " + pick("l", "ls", "messages", "e", "d", "s", expression(1)) + pick("", " if i"))
        + pick("", "{{ loop.index }}{{ loop.first }}", "{{ loop.last }}{{ loop.revindex0 }}", "{{ loop.previtem is defined }}{{ loop.length }}")
        + body(depth, loops + 1)
        + pick("", tag("else") + text())
        + tag("endfor"),
        lambda: tag("for a, b in " + pick("d.items()", "d|dictsort", "[(1, 2), 'xy']")) + "{{ a }}={{ b }}" + body(depth, loops + 1) + tag("endfor"),
        lambda: tag("set " + pick("s", "n", "v", "l", "v, n") + " = " + expression(2)) + shown(0),
        lambda: tag("set v") + body(depth, loops) + tag("endset") + "{{ v }}",
        lambda: tag("set ns = namespace(v=" + expression(1) + ")")
        + tag("for i in l") + tag("set ns.v = " + pick("ns.v ~ i", "i", expression(1))) + tag("endfor") + "{{ ns.v }}",
        lambda: tag("macro g(p, q='Q')") + pick("{{ p }}{{ q }}", "{{ p ~ s }}{{ v }}") + body(depth, 0) + tag("endmacro")
        + "{{ " + pick("g(1)", "g(s, q=n)", "g()", "g('a')|upper", "g(l, 2)|length") + " }}",
        lambda: tag("with v = " + expression(1) + ", x = n") + body(depth, loops) + "{{ v }}" + tag("endwith"),
        lambda: tag("filter " + pick("upper", "trim", "replace('x', 'Z')|title")) + body(depth, loops) + tag("endfilter"),
        lambda: tag("generation") + body(depth, 0) + tag("endgeneration"),
        lambda: tag("if " + expression(1)) + tag(pick("break", "continue")) + tag("endif") if loops else text(),
        lambda: "{% raw %}{{ x }}{% endraw %}",
    )()


def main():
    count, seed, out = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    rng.seed(seed)
    cases = []
    while len(cases) < count:
        template = "".join(statement(3, 0) for _ in range(rng.randint(1, 4)))
        case = {"template": template}
        try:
            rendered, _ = render_jinja_template([MESSAGES], chat_template=template, **VARIABLES)
            if re.search(r" at 0x[0-9a-f]{8}", rendered[0]):
                continue
            case["expected"] = rendered[0]
        except Exception as e:  # whatever Jinja2 or Python raises
            case["error"] = f"{type(e).__name__}: {e}"
        cases.append(case)
    with open(out, "w") as file:
        json.dump({"messages": MESSAGES, "variables": VARIABLES, "cases": cases}, file)
    print(len(cases), "templates,", sum("expected" in case for case in cases), "of them rendered")


if __name__ == "__main__":
    main()
