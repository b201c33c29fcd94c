"""jq: filters of JSON."""

import pytest
from cases import Case, outcome, parametrize


def case(name, data, filter, out, options="-c", status=0):
    """Apply a filter to data; the output is one value per line."""
    return Case(name, f"jq {options} '{filter}'", data, out, status)


CASES = [
    case("path", '{"a":{"b":[1,2,{"c":3}]}}', ".a.b[2].c", "3\n"),
    case("path-through-null", '{"a":null}', ".a.b[0].c", "null\n"),
    case("negative-index-and-slice", "[1,2,3,4]", ".[-1], .[1:3]", "4\n[2,3]\n"),
    case(
        "nan-and-infinity-are-numbers",
        "null",
        "(nan | floor, ceil, round), (infinite | floor > 1e300)",
        "null\nnull\nnull\ntrue\n",
    ),
    case("nan-is-read", "[NaN,nan]", "., (.[] | isnan)", "[null,null]\ntrue\ntrue\n"),
    case("nan-is-less-than-any-number", "null", "nan < 1, nan < nan, nan > nan, 1 < nan", "true\ntrue\nfalse\nfalse\n"),
    case(
        "nan-is-nowhere", "[1,2]", ".[nan], .[nan:1], .[:nan], .[infinite], (5 % nan)", "null\n[1]\n[1,2]\nnull\nnull\n"
    ),
    case("a-rest-of-infinity", "null", "5 % infinite, -5 % infinite", "5\n-5\n"),
    *[
        case(f"no-date-{value}", "null", f"try ({value} | {call}) catch .", '"date out of range"\n')
        for value in ("nan", "infinite", "-1e300")
        for call in ("todate", "gmtime", 'strftime("%Y")', "[., 1, 1, 1, 1, 1] | mktime")
    ],
    case(
        "no-character",
        "null",
        "(nan, infinite, 1114112, -1) | try ([.] | implode) catch .",
        '"invalid codepoint"\n' * 4,
    ),
    case("a-surrogate-is-no-character", "[65,55296,66.7]", "implode", '"A\ufffdB"\n'),
    case("no-status", "null", "try halt_error(nan) catch .", '"halt_error/1: number required"\n'),
    case("a-slice-to-a-fraction", "[1,2,3]", ".[1.2:2.1]", "[2,3]\n"),
    case("all", '[1,"a",null]', ".[]", '1\n"a"\nnull\n'),
    case("all-of-an-object", '{"b":1,"a":2}', ".[]", "1\n2\n"),
    case("pipe-and-select", '[{"a":1},{"a":5},{}]', ".[] | select(.a > 2)", '{"a":5}\n'),
    case("keys-are-sorted", '{"b":1,"a":2}', "keys", '["a","b"]\n'),
    case("order-is-kept", '{"b":1,"a":{"z":1,"y":2}}', ".", '{"b":1,"a":{"z":1,"y":2}}\n'),
    case("length", '["a",{"x":1,"y":2},[1],null]', "map(length)", "[1,2,1,0]\n"),
    case("map-and-arithmetic", "[1,2]", "map(. * 2 + 1)", "[3,5]\n"),
    case("raw", '"a\\tb"', ".", "a\tb\n", "-r"),
    case("alternative", '{"a":null}', '.a // "none"', '"none"\n'),
    case("object", '{"a":1,"b":2}', "{a, c: (.b + 1)}", '{"a":1,"c":3}\n'),
    case("computed-key", '[{"k":"a","v":1},{"k":"b","v":2}]', "map({(.k): .v}) | add", '{"a":1,"b":2}\n'),
    case("if", "5", 'if . > 3 then "big" else "small" end', "big\n", "-r"),
    case("text", '"a,b"', 'split(",") | join("-")', "a-b\n", "-r"),
    case("in-a-string", '{"user":"x"}', '"name: \\(.user)"', "name: x\n", "-r"),
    case("sort-and-group", "[3,1,1]", "sort, unique, (group_by(.) | length)", "[1,1,3]\n[1,3]\n2\n"),
    case("reduce", "[1,2,3]", "reduce .[] as $x (0; . + $x)", "6\n"),
    case("change", '{"a":1,"b":2}', ".a = 5 | del(.b)", '{"a":5}\n'),
    case("optional", '[{"b":1},7]', ".[] | .b?", "1\n"),
    case("several-values", '{"a":1} {"a":2}', ".a", "1\n2\n"),
    case("a-pair-is-a-character", '"\\ud83d\\ude00 \\u00e9 \\ud83d"', ".", "😀 é \ufffd\n", "-r"),
    case("status", "[1]", ".[1]", "null\n", "-e", 1),
    case(
        "pretty",
        '{"a":[1,{"b":null}],"c":[]}',
        ".",
        '{\n  "a": [\n    1,\n    {\n      "b": null\n    }\n  ],\n  "c": []\n}\n',
        "",
    ),
    Case("argument", "jq -n --arg x hi '$x + \"!\"'", "", '"hi!"\n'),
    Case("upyos-file", "echo '{\"a\":1}' > f.json; jq f.json", "", '{\n  "a": 1\n}\n'),
    Case("upyos-variable", "X='{\"q\":5}'; export X; jq X; jq .q X 2>&1", "", None, 2),
    Case("upyos-value", "echo '[1,{\"b\":2}]' | jq '.[1]' > 0\n< utls.getenv('0')", "", None),
    Case("wrong-type", "echo '[]' | jq .a 2>&1", "", 'jq: cannot index array with "a"\n', 5),
    Case("cut-off", "echo '[1,' | jq . 2>&1", "", "jq: unexpected end of JSON\n", 2),
    Case("bad", "printf '{\\n\"a\" 1}' | jq . 2>&1", "", "jq: bad JSON in line 2\n", 2),
    Case("bad-filter", "echo 1 | jq '.[' 2>&1", "", "jq: unexpected end of the filter\n", 3),
    Case("missing", "echo 1 > f; jq . nosuch f 2>&1", "", "jq: nosuch: No such file or directory\n1\n", 2),
    Case("deep", "for i in $(seq 300); do printf '['; done | jq . 2>&1", "", "jq: JSON nested deeper than 256\n", 2),
    Case(
        "beside-others", "(for i in 1 2 3 4; do free; ps; df; done > d; echo '[1]') | jq -c 'map(. + 1)'", "", "[2]\n"
    ),
    Case("recursion", "jq -nc 'def f: if . == 0 then 0 else . - 1 | f end; 3000 | f'", "", "0\n"),
    Case("results-come-one-by-one", "jq -n 'range(1; infinite)' | head -n 2", "", "1\n2\n"),
    Case(
        "the-end-of-a-filter", "jq -nc '[limit(3; range(1; infinite))], first(range(5; infinite))'", "", "[1,2,3]\n5\n"
    ),
    Case("an-error-behind-a-try", "jq -nc '(1, 2 | try . catch 0) | error(\"x\")' 2>&1", "", "jq: x\n", 5),
    Case("a-negative-filter", "jq -c '-(. + 1)' <<< 5", "", "-6\n"),
    Case("unknown", "jq -n 'nosuch(1)' 2>&1", "", "jq: nosuch/1 is not defined\n", 3),
    Case("inputs", "jq -nc '[inputs | .a]'", '{"a":1} {"a":2}\n{"a":3}', "[1,2,3]\n"),
    Case("positional", "jq -nc '$ARGS.positional' --args a b", "", '["a","b"]\n'),
    Case("edge-of-lines", "jq -Rn '[inputs] | length'", "a\n\nb", "3\n"),
    Case("binary", "printf '\\377\\000' | jq . > /dev/null 2>&1", "", "", 2),
]


@parametrize(CASES)
def test_filter(sim, case):
    stdout, status = outcome(sim, CASES, case, image="mpy")
    if case.stdout is not None:
        assert stdout == case.stdout
    assert status == case.status


@pytest.mark.parametrize("depth", [250])
def test_deep_data_need_no_stack(sim, depth):
    result = sim(f"printf '%s' '{'[' * depth}5{']' * depth}' | jq -c '.. | numbers'")
    assert (result.stdout, result.stderr) == ("5\n", "")
