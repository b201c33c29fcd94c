"""Programs that show, compare, checksum and convert bytes."""

from cases import Case, outcome, parametrize

CASES = [
    Case("cmp-same", "printf abc > x; cmp x - && echo same", "abc", "same\n"),
    Case("cmp-differ", "printf 'ab\\ncd' > x; printf 'ab\\nce' > y; cmp x y", "", "x y differ: char 5, line 2\n", 1),
    Case("cmp-silent", "printf a > x; printf b > y; cmp -s x y", "", "", 1),
    Case("cmp-all", "printf abcd > x; printf aBcD > y; cmp -l x y", "", "2 142 102\n4 144 104\n", 1),
    Case(
        "cmp-shorter", "printf ab > x; printf abc > y; cmp x y 2>&1", "", "cmp: EOF on x after byte 2, in line 1\n", 1
    ),
    Case("cmp-skip", "printf 12abc > x; printf abc > y; cmp -i 2:0 x y && echo same", "", "same\n"),
    Case("cmp-missing", "cmp nope nope2 2>&1", "", "cmp: nope: No such file or directory\n", 2),
    Case("od", "printf 'hello\\n\\0\\377' | od", "", "0000000 062550 066154 005157 177400\n0000010\n"),
    Case(
        "od-bytes",
        "printf 'hello\\n\\0\\377' | od -A x -t x1z",
        "",
        "000000 68 65 6c 6c 6f 0a 00 ff                          >hello...<\n000008\n",
    ),
    Case("od-chars", "printf 'a\\t\\0\\n\\177é' | od -c", "", "0000000   a  \\t  \\0  \\n 177 303 251\n0000007\n"),
    Case("od-names", "printf 'a \\n\\0' | od -a", "", "0000000   a  sp  nl nul\n0000004\n"),
    Case(
        "od-several",
        "printf 'hello world, hello' | od -A d -t x2 -t c -w8",
        "",
        "0000000    6568    6c6c    206f    6f77\n          h   e   l   l   o       w   o\n0000008    6c72    2c64    6820    6c65\n          r   l   d   ,       h   e   l\n0000016    6f6c\n          l   o\n0000018\n",
    ),
    Case(
        "od-numbers",
        "printf '\\377\\377\\377\\377\\1\\2\\3\\4' | od -An -td2 -tu4 -td8",
        "",
        "     -1     -1    513   1027\n    4294967295      67305985\n          289077008695033855\n",
    ),
    Case("od-skip", "printf 0123456789 | od -j 2 -N 4 -c", "", "0000002   2   3   4   5\n0000006\n"),
    Case(
        "od-same-lines",
        "head -c 100 /dev/zero | od; printf 'x' | od -An -tx1",
        "",
        "0000000 000000 000000 000000 000000 000000 000000 000000 000000\n*\n0000140 000000 000000\n0000144\n 78\n",
    ),
    Case(
        "od-wrong",
        "od -t q 2>&1 | head -n 1; od nope 2>&1",
        "",
        "od: q: not a type\nod: nope: No such file or directory\n0000000\n",
        1,
    ),
    Case(
        "hexdump", "printf 'hello\\nworld' | hexdump", "", "0000000 6568 6c6c 0a6f 6f77 6c72 0064          \n000000b\n"
    ),
    Case(
        "hexdump-canonical",
        "printf 'hello\\nworld and more' | hexdump -C",
        "",
        "00000000  68 65 6c 6c 6f 0a 77 6f  72 6c 64 20 61 6e 64 20  |hello.world and |\n00000010  6d 6f 72 65                                       |more|\n00000014\n",
    ),
    Case(
        "hexdump-squeezed",
        "head -c 64 /dev/zero | hexdump -C",
        "",
        "00000000  00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00  |................|\n*\n00000040\n",
    ),
    Case(
        "hexdump-skip",
        "printf 0123456789 | hexdump -C -s 3 -n 4",
        "",
        "00000003  33 34 35 36                                       |3456|\n00000007\n",
    ),
    Case(
        "xxd", "printf 'hello, world!' | xxd", "", "00000000: 6865 6c6c 6f2c 2077 6f72 6c64 21         hello, world!\n"
    ),
    Case("xxd-plain", "printf 'hello' | xxd -p; printf 68656c6c6f | xxd -r -p", "", "68656c6c6f\nhello"),
    Case("xxd-back", "printf 'hello, world!\\n' | xxd | xxd -r", "", "hello, world!\n"),
    Case(
        "xxd-groups",
        "printf 'abcdefgh' | xxd -c 4 -g 1 -u; printf 'abcd' | xxd -e; printf 'ab' | xxd -b",
        "",
        "00000000: 61 62 63 64  abcd\n00000004: 65 66 67 68  efgh\n00000000: 64636261                             abcd\n00000000: 01100001 01100010                                      ab\n",
    ),
    Case(
        "xxd-array",
        "printf 'ab' > f; xxd -i f",
        "",
        "unsigned char f[] = {\n  0x61, 0x62\n};\nunsigned int f_len = 2;\n",
    ),
    Case(
        "xxd-skip",
        "printf '0123456789' > f; xxd -s 2 -l 4 f; xxd -s -2 f",
        "",
        "00000002: 3233 3435                                2345\n00000008: 3839                                     89\n",
    ),
    Case("base64", "printf 'hello\\0world\\377' | base64; printf aGVsbG8= | base64 -d", "", "aGVsbG8Ad29ybGT/\nhello"),
    Case("base32", "printf 'fooba\\377' | base32; echo MZXW6===MZXW6=== | base32 -d", "", "MZXW6YTB74======\nfoofoo"),
    Case(
        "base32-wrong",
        "echo 'M1XW6===' | base32 -d 2>&1; echo 'M-ZX W6' | base32 -di",
        "",
        "base32: -: invalid input\nfoo",
    ),
    Case("base64-wrap", "seq 30 | base64 -w 20 | head -n 2", "", "MQoyCjMKNAo1CjYKNwo4\nCjkKMTAKMTEKMTIKMTMK\n"),
    Case(
        "base64-round",
        "seq 1000 | base64 | base64 -d | cksum; seq 1000 | cksum",
        "",
        "1830648734 3893\n1830648734 3893\n",
    ),
    Case("base64-wrong", "echo 'a*b=' | base64 -d 2>&1; echo 'aGk*=' | base64 -di", "", "base64: -: invalid input\nhi"),
    Case(
        "md5sum",
        "printf abc | md5sum; printf abc > f; md5sum f",
        "",
        "900150983cd24fb0d6963f7d28e17f72  -\n900150983cd24fb0d6963f7d28e17f72  f\n",
    ),
    Case("sha1sum", "printf abc | sha1sum", "", "a9993e364706816aba3e25717850c26c9cd0d89d  -\n"),
    Case(
        "sha256sum",
        "printf abc | sha256sum",
        "",
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  -\n",
    ),
    Case(
        "sum-check",
        "printf abc > f; printf x > g; md5sum f g > sums; md5sum -c sums; printf y > g; md5sum -c sums 2> /dev/null",
        "",
        "f: OK\ng: OK\nf: OK\ng: FAILED\n",
        1,
    ),
    Case("sum-check-status", "printf abc > f; sha256sum f > s; sha256sum --status -c s && echo good", "", "good\n"),
    Case(
        "sum-missing",
        "printf abc > f; md5sum nope f 2>&1",
        "",
        "md5sum: nope: No such file or directory\n900150983cd24fb0d6963f7d28e17f72  f\n",
        1,
    ),
    Case("cksum", "printf abc | cksum; seq 100 > f; cksum f", "", "1219131554 3\n3917710714 292 f\n"),
    Case("crc32", "printf 123456789 | crc32; printf a > f; crc32 f f", "", "cbf43926\ne8b7be43 f\ne8b7be43 f\n"),
    Case("dd", "printf 0123456789 > f; dd if=f bs=2 skip=1 count=2 2> /dev/null", "", "2345"),
    Case(
        "dd-seek",
        "printf 0123456789 > f; printf ab | dd of=f bs=1 seek=4 conv=notrunc 2> /dev/null; cat f",
        "",
        "0123ab6789",
    ),
    Case("dd-cut", "printf 0123456789 > f; printf ab | dd of=f bs=1 seek=4 2> /dev/null; cat f", "", "0123ab"),
    Case(
        "dd-convert",
        "printf abcd | dd conv=ucase 2> /dev/null; printf abcd | dd conv=swab 2> /dev/null",
        "",
        "ABCDbadc",
    ),
    Case(
        "dd-sync",
        "printf abc | dd bs=8 conv=sync 2> /dev/null | od -An -c",
        "",
        "   a   b   c  \\0  \\0  \\0  \\0  \\0\n",
    ),
    Case("dd-report", "printf 12345 | dd bs=2 2>&1 > /dev/null | head -n 2", "", "2+1 records in\n2+1 records out\n"),
    Case(
        "dd-wrong",
        "dd nope=1 2>&1 | head -n 1; dd if=nope 2>&1 | head -n 1; dd conv=x 2>&1 | head -n 1",
        "",
        "dd: nope=1: unknown operand\ndd: nope: No such file or directory\ndd: x: unknown flag\n",
    ),
    Case(
        "truncate",
        "printf 0123456789 > f; truncate -s 4 f; cat f; truncate -s +2 f; wc -c < f; truncate -s %4 f; wc -c < f",
        "",
        "01236\n8\n",
    ),
    Case(
        "truncate-none",
        "truncate -c -s 5 no; ls; truncate f 2>&1 | head -n 1; truncate -s x f 2>&1 | head -n 1",
        "",
        "truncate: -s or -r must be given\ntruncate: x: invalid size\n",
    ),
]


@parametrize(CASES)
def test_bytes(sim, case):
    assert outcome(sim, CASES, case) == (case.stdout, case.status)
