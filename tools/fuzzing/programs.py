"""Programs that read foreign input: archives, JSON, scripts of awk, sed and the shell, manifests, DNS names."""

import gzip
import io
import json
import tarfile
import zlib

LIMIT = 5  # seconds, after which a script that loops is ended


class Program:
    """A command whose file is damaged; {} stands for it."""

    def __init__(self, name, command, seeds, tokens=()):
        self.name = name
        self.command = command
        self.seeds = seeds
        self.tokens = tokens

    def prepare(self, board):
        board.run(f"fuzz() {{ timeout {LIMIT} {self.command.format('$1')} < /dev/null > /tmp/out; }}")

    def try_input(self, board, data):
        """Run the command; board.Fault where it does not end as it should."""
        path = board.share("input", data)
        board.run(f"fuzz {path}")

    def check(self, board):
        """Nothing beside: the prompt has come back."""

    def finish(self, board):
        pass


def words(text):
    return tuple(word.encode() for word in text.split())


def archive(form):
    """An archive with a file, a directory, a link, a long name and, as pax, one that is no ASCII."""
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w", format=form) as tar:
        for name, data in (
            ("a.txt", b"hello\n" * 9),
            ("d/" + "long" * (20 if form == tarfile.USTAR_FORMAT else 40), b"x"),
            ("ä.txt", b""),
        ):
            info = tarfile.TarInfo(name)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
        for name, kind in (("d2", tarfile.DIRTYPE), ("l", tarfile.SYMTYPE)):
            info = tarfile.TarInfo(name)
            info.type = kind
            info.linkname = "a.txt"
            tar.addfile(info)
    return target.getvalue()


TARS = [archive(form) for form in (tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT)]
TEXT = "".join(f"{i} line {i * i}\n" for i in range(200)).encode()
GZIPS = [gzip.compress(TEXT, mtime=0), gzip.compress(b"", mtime=0), gzip.compress(TEXT[:99], 0) * 2]
GZIPS.append(b"\x1f\x8b\x08\x1c\0\0\0\0\0\3\4\0ab\1\0name\0comment\0" + zlib.compress(TEXT)[2:])
VALUES = [
    json.dumps(value).encode()
    for value in ({"a": [1, 2.5, None, True, "ä\n\ud83d\ude00"], "b": {"c": {}}}, [[], {}, "", 0, -1e5], "text", 12)
]
FILTERS = [
    b".a[1:]|map(.+1)|add",
    b'to_entries|map(select(.key!="b"))|from_entries',
    b'.. as $x|[$x|type]|unique|join(",")',
    b"def f(g): if .>3 then . else (.+1|g|f(g)) end; 1|f(.*2)",
    b'reduce (1,2,3) as $i (0;.+$i), (try error("x") catch .), "\\(1+2)", @base64 "a\\("b")"',
    b"[limit(3;range(9))]|sort_by(-.)|.[-1:]|tojson|fromjson",
    b'"a1b22"|[scan("[0-9]+")],test("A";"i"),sub("(?<x>b)";"<\\(.x)>"),split("b")',
    b'path(..), getpath(["a",0]), (.a|=5), del(.b), input_line_number?, $ENV.HOME, ltrimstr("x")',
]
AWKS = [
    b'BEGIN { FS = ":" } { n += NF; a[$1]++ } END { for (k in a) print k, a[k]; printf "%5.2f|%-8s|%c\\n", n, "x", 65 }',
    b'function f(x, y) { return x < 2 ? 1 : x * f(x - 1) } NR % 2 { print f(5), substr($0, 2, 3), index($0, "l") }',
    b'/li(n|m)e [0-9]+/ { gsub(/i/, "<&>"); print length, toupper($2), split($0, b, / /), match($0, /e/), RSTART }',
    b'{ while ((getline l < "/etc/motd") > 0) c++; do { i++ } while (i < 3); if (!(3 in z)) delete z; next } END { exit 3 }',
    b'BEGIN { x["a", 1] = 2; $3 = "n"; OFS = "-"; $1 = $1; print > "/tmp/awk"; "date" | getline d; close("date"); print -2^3^2 }',
]
SEDS = [
    b"s/\\(l\\)ine/[\\1]&/g;2,5d;/9/!p;$a\\\nend",
    b"1{h;d};G;x;y/abc/xyz/;:a;s/^\\(.\\{1,9\\}\\)$/ \\1/;ta;n;N;P;D",
    b"/1/,/3/c\\\nchanged\n5q;s/[0-9]*/N/2;l;=;w /tmp/sed\n",
    b"0~3s/a/b/I;s,/,|,gp;i\\\nbefore\nr /etc/motd\nb e\n:e",
]
SCRIPTS = [
    b'for i in 1 2 3; do echo "$i $((i * 2))"; done | while read -r a b; do x+=($a); done; echo ${#x[@]} ${x[@]:1}\n',
    b"f() { local v=${1:-none}; case $v in a*|b) echo ${v%%.*} ;; *) return 3 ;; esac; }; f a.b.c && f || echo $?\n",
    b"cat <<E | tr a-z A-Z\nhello $USER $(echo sub `echo old`)\nE\nif [[ -f /etc/motd && 1 -lt 2 ]]; then\n"
    b"printf '%s|%5d\\n' a 3; fi\n",
    b"set -- a 'b c' \"d\"; shift; echo \"$@\" ${*/b/x} ${1^} {1..3} $'\\x41' > /tmp/sh 2>&1; trap 'echo bye' EXIT; eval 'y=1'\n",
    b":top\nx = 1\nif $x == 1 goto end\ngoto top\n:end\necho done\n",
]
SHELL = words(
    "$( ) ` ${ } (( )) [[ ]] ;; & && || | < > << <<< >& if then fi for do done case esac while { } ! ' \" \\ # * ? ~ $@ $# ="
)
MANIFEST = {
    "format": 1,
    "name": "diatom",
    "version": "1.2.3-rc1+b",
    "minimum": "0.1.0",
    "kind": "mpy-6",
    "bundle": "files.bin",
}
MANIFESTS = [
    json.dumps({**MANIFEST, "files": []}).encode()[:-2]
    + b"\n"
    + b",\n".join(
        json.dumps({"path": path, "sha256": "0" * 64, "size": 5, "at": 0, "plain": "1" * 64}).encode()
        for path in ("bin/ls.py", "etc/motd", "lib/kernel/__init__.py")
    )
    + b"\n]}\n"
]

TARGETS = (
    Program("tar", "tar -xOf {}", TARS, words("ustar ../ /etc/passwd 00000000000 77777777777 size= path=")),
    Program("tgz", "tar -tzvf {}", [gzip.compress(tar, mtime=0) for tar in TARS]),
    Program("gzip", "gzip -dc {}", GZIPS),
    Program("jq", "jq -c '.a?, ..' {}", VALUES, words('{ } [ ] : , " \\u \\ud83d 1e9 - null NaN')),
    Program(
        "jqfilter",
        "jq -n -f {}",
        FILTERS,
        words("| , .. . [ ] ( ) ? // as $x def reduce foreach label try if @json \\( input"),
    ),
    Program(
        "awk",
        "awk -f {} /etc/profile /etc/motd",
        AWKS,
        words('{ } ( ) [ ] / // , ; $ $NF ++ ~ !~ getline printf in delete " \\'),
    ),
    Program("sed", "sed -f {} /etc/motd", SEDS, words("s/ // \\( \\) \\{ \\} y/ } { ! , $ ~ w r : t b & \\n")),
    Program("sh", "sh {}", SCRIPTS, SHELL),
    Program(
        "manifest",
        "python -c \"from repository import manifest; manifest.check('{}')\"",
        MANIFESTS,
        words('{ } [ ] " , ../ /etc/shadow .new 1e9 -1 null'),
    ),
)
