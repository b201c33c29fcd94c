"""grep -P: Perl's regular expressions."""

from cases import Case, outcome, parametrize

LINES = (
    "foo123bar foo bar\nabcd aab aaab\nFOO foo\n'it' \"x'y\"\n name = value\n12 345 67\nversion: 1.2.3\nÄchtung été\n"
)


def only(name, pattern, *parts, options="-oP"):
    quoted = pattern.replace("'", "'\\''")
    return Case(name, f"grep {options} -- '{quoted}'", LINES, "".join(part + "\n" for part in parts), 0 if parts else 1)


CASES = [
    only("digits", r"\d{3}", "123", "345"),
    only("words-and-blanks", r"\S+\s\bbar", "foo bar"),
    only("keep", r"version: \K[\d.]+", "1.2.3"),
    only("look-ahead", r"foo(?= bar)", "foo"),
    only("negative-look-ahead", r"foo(?!123)\W*\w*", "foo bar", "foo"),
    only("look-behind", r"(?<=foo|=\x20)[1a-z]\w+", "123bar", "value"),
    only("negative-look-behind", r"(?<!\d)\d\d(?!\d)", "12", "67"),
    only("lazy", r"a+?b", "ab", "aab", "aaab"),
    only("possessive", r"a++ab"),
    only("atomic", r"(?>a+)b", "ab", "aab", "aaab"),
    only("reference", r"(\w)\1\1", "aaa"),
    only("named", r"(?P<quote>['\"]).*?\k<quote>", "'it'", "\"x'y\""),
    only("first-alternative", "a|aab", *"aaaaaaaaaa"),
    only("fold-inside", r"(?i)FOO", "foo", "foo", "FOO", "foo"),
    only("fold", r"\wOO", "foo", "foo", "FOO", "foo", options="-oiP"),
    only("fold-beyond-ascii", "äch", "Äch", options="-oiP"),
    only("classes", r"[[:upper:]\d]{2,}", "123", "FOO", "12", "345", "67"),
    only("quoted", r"\Q1.2\E", "1.2"),
    only("words", r"fo+", "foo", "foo", options="-woP"),
    only("lines", r"\d+ .*", "12 345 67", options="-xP"),
    only("beyond-ascii", r"t\w+\s.t.", "tung été"),
    only("empty-matches", "x*z*", "x"),
    Case("catastrophe", "printf 'aaaaaaaaaaaaaaaaaaaaaaaac\\n' | timeout 20 grep -cP '(a*)*b'", "", "0\n", 1),
    Case("wrong-patterns", "for p in '(' ')' '[a' '*a' '(?<=a*)b' 'a{2,1}' '\\'; do grep -P -- $p < /dev/null; done 2>&1", "",
         "grep: missing closing parenthesis\ngrep: unmatched closing parenthesis\n"
         "grep: missing terminating ] for character class\ngrep: quantifier does not follow a repeatable item\n"
         "grep: lookbehind assertion is not fixed length\ngrep: invalid numbers in {}\ngrep: \\ at end of pattern\n", 2),
]  # fmt: skip

LETTERS = [
    Case("awk-letters", "echo 'ÄÉŁ ΣΩ ЖЯ' | awk '{print tolower($0); print toupper(\"äéł σς жя ß\")}'", "", "äéł σω жя\nÄÉŁ ΣΣ ЖЯ ß\n"),
    Case("tr-letters", "echo 'ÄÖ x Ж' | tr '[:upper:]' '[:lower:]'; echo 'äö x ж' | tr '[:lower:]' '[:upper:]'", "", "äö x ж\nÄÖ X Ж\n"),
    Case("shell-letters", "x='ÄÖ Ł'; y='äöł ж'; echo ${x,,} ${y^^} ${y^} ${x@L} ${y@U}; declare -u z=жя; echo $z", "",
         "äö ł ÄÖŁ Ж Äöł ж äö ł ÄÖŁ Ж\nЖЯ\n"),
    Case("sed-letters", "echo 'ärger ÖL' | sed 's/[^ ]*/\\L\\u&/g; s/l/\\U&/'", "", "Ärger ÖL\n"),
    Case("grep-letters", "printf 'Ärger\\nstraße\\n' | grep -i ÄRG; echo ÄÖ | grep -ic '^äö$'; echo ЖЯ | grep -io жя; echo ÄB | sed 's/ä./x/I'", "",
         "Ärger\n1\nЖЯ\nx\n"),
    Case("find-letters", ">Ärger; find . -iname 'äRGER'", "", "./Ärger\n"),
]  # fmt: skip


@parametrize(CASES)
def test_perl(sim, case):
    assert outcome(sim, CASES, case) == (case.stdout, case.status)


@parametrize(LETTERS)
def test_letters_beyond_ascii(sim, case):
    assert outcome(sim, LETTERS, case) == (case.stdout, case.status)
