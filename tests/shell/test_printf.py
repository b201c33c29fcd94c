"""printf: formats, arguments, complaints."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from shell.onboard import Board, Failed

board = Board("from text.printf import printf")

OUTPUTS = [
    ("hello", [], "hello"),
    ("hello\\n", ["ignored"], "hello\n"),
    ("%s\\n", ["a", "b", "c"], "a\nb\nc\n"),
    ("%s-%s\\n", ["a", "b", "c"], "a-b\nc-\n"),
    ("%d %s|", [], "0 |"),
    ("[%5s][%-5s]", ["abc", "abc"], "[  abc][abc  ]"),
    ("%.2s|%6.4s|%-6.4s|%.s|%0.s", ["abcdef"] * 5, "ab|  abcd|abcd  ||"),
    ("%3s|%.1s", ["é", "éa"], "  é|é"),
    ("%06s", ["-42"], "   -42"),
    ("%c%c|%3c", ["hello", "", "x"], "h|  x"),
    ("%d %i %u", ["42", "-42", "42"], "42 -42 42"),
    ("%5d|%-5d|%05d|%+d|% d", ["42"] * 5, "   42|42   |00042|+42| 42"),
    ("%06d|%6.6d|%06.3d|%+.3d", ["-42", "-42", "-42", "4"], "-00042|-000042|  -042|+004"),
    ("%o %x %X %#o %#x %#X", ["8", "255", "255", "8", "255", "255"], "10 ff FF 010 0xff 0XFF"),
    ("%#o %#x|%.0d|%5.0x|", ["0", "0", "0", "0"], "0 0||     |"),
    ("%6.4x|%.4X|%6.o|%#08x", ["42", "42", "42", "42"], "  002a|002A|    52|0x00002a"),
    ("%u %x %o", ["-1", "-1", "-1"], "18446744073709551615 ffffffffffffffff 1777777777777777777777"),
    ("%d %d %d %d", ["0x1F", "010", "+0XaB", "-0x10"], "31 8 171 -16"),
    ("%d %d %x %d", ["'a", '"b', "'μ", "'"], "97 98 3bc 0"),
    ("%*d|%-*d|%*d|%.*s|%.*s", ["5", "42", "5", "42", "-5", "42", "2", "abc", "-1", "abc"], "   42|42   |42   |ab|abc"),
    ("%f %.2f %.0f %#.0f", ["1.5", "3.14159", "3", "3"], "1.500000 3.14 3 3."),
    ("%8.3f|%-8.3f|%08.3f|%+.1f|% .1f", ["-3.14159"] * 3 + ["2", "2"], "  -3.142|-3.142  |-003.142|+2.0| 2.0"),
    ("%e %E %g %G", ["1234.5", "0.5", "1e100", "1e-10"], "1.234500e+03 5.000000E-01 1e+100 1E-10"),
    ("%f %5.1f|%05f", ["inf", "nan", "-inf"], "inf   nan| -inf"),
    ("%f %f %.1f", ["1e3", ".5", "0x10"], "1000.000000 0.500000 16.0"),
    ("%.50f", ["0.5"], "0.5" + "0" * 49),
    ("%%|%5%", [], "%|%"),
    ("\\a\\b\\f\\n\\r\\t\\v\\\\\\e", [], "\a\b\f\n\r\t\v\\\x1b"),
    ("\\101\\0377\\x41\\x4g\\Z\\'\\\"", [], "A\x1f7A\x04g\\Z'\""),
    ("\\u2620\\xE2\\x98\\xA0", [], "☠☠"),
    ("%s", ["\\n"], "\\n"),
    ("%b|", ["a\\tb", "\\0101", "\\101", "\\x41", "\\\\"], "a\tb|A|A|A|\\|"),
    ("[%b]%s", ["x\\cy", "z"], "[x"),
    ("%s\\cx%s", ["a", "b"], "a"),
    ("\\\\c|\\c%q", ["a"], "\\c|"),
    ("%5b|%-5b|%.1b", ["a\\n", "b", "cd"], "   a\n|b    |c"),
    ("%q %q %q", ["a b", "x", ""], "a\\ b x ''"),
    ("é%sü", ["ö"], "éöü"),
]


@pytest.mark.parametrize("form, args, expected", OUTPUTS)
def test_output(form, args, expected):
    assert board.call("printf", form, args) == [expected, []]


def test_output_that_is_no_text_is_bytes():
    assert board.call("printf", "\\377%b", ["\\0376"]) == [[255, 254], []]


COMPLAINTS = [
    ("%d", "x", "0", "x: invalid number"),
    ("%d", "42z", "42", "42z: value not completely converted"),
    ("%d", " -42 ", "-42", " -42 : value not completely converted"),
    ("%d", "08", "0", "08: value not completely converted"),
    ("%d", "0x", "0", "0x: invalid number"),
    ("%d", "1.5", "1", "1.5: value not completely converted"),
    ("%d", "9223372036854775808", "9223372036854775807", "9223372036854775808: out of range"),
    ("%d", "-9223372036854775809", "-9223372036854775808", "-9223372036854775809: out of range"),
    ("%u", "99999999999999999999", "18446744073709551615", "99999999999999999999: out of range"),
    ("%.1f", "1.5x", "1.5", "1.5x: value not completely converted"),
    ("%.1f", "1e", "1.0", "1e: value not completely converted"),
    ("%.1f", "x", "0.0", "x: invalid number"),
    ("a%z", "1", "a", "%z: invalid conversion"),
    ("a%-5", "1", "a", "%-5: invalid conversion"),
    ("100%", "1", "100", "%: invalid conversion"),
]


@pytest.mark.parametrize("form, arg, expected, message", COMPLAINTS)
def test_complaint(form, arg, expected, message):
    assert board.call("printf", form, [arg]) == [expected, [message]]


def test_rest_is_printed_after_a_wrong_number():
    assert board.call("printf", "%d,", ["x", "2", "3y"])[0] == "0,2,3,"


@pytest.mark.parametrize(
    "form, args", [("%99999d", ["1"]), ("%*d", ["99999", "1"]), ("%.99999f", []), ("%4000d", ["1"] * 99)]
)
def test_fields_have_a_limit(form, args):
    with pytest.raises(Failed, match="wider than 4096|more than 262144 bytes"):
        board.call("printf", form, args)


@given(
    st.text("-+ 0#"),
    st.none() | st.integers(0, 30),
    st.none() | st.integers(0, 25),
    st.sampled_from("dixX"),
    st.integers(-(2**63), 2**63 - 1),
)
def test_integers_agree_with_python(flags, width, precision, conversion, value):
    assume(not ("0" in flags and precision is not None))  # Python keeps the zeros, C does not
    assume(value or precision != 0)
    assume(conversion in "di" or (value > 0 and "+" not in flags and " " not in flags))
    form = f"%{flags}{'' if width is None else width}{'' if precision is None else f'.{precision}'}{conversion}"
    assert board.call("printf", form, [str(value)]) == [form % value, []]


@given(
    st.text() | st.text("%-+ #0123.*diouxXcsbqfeg\\né", max_size=30),
    st.lists(st.text() | st.from_regex(r"[-+]?[0-9]{1,3}"), max_size=5),
)
def test_anything_else_is_a_complaint_and_no_crash(form, args):
    board.survives("printf", form, args)
