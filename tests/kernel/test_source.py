"""The system from source, as a developer deploys it: all other tests run it compiled."""

from harness import PROMPT

SESSION = r"""
cd /tmp; seq 30 | awk '{ s += $1; print $1, s }' | sort -k2nr | head -n 3
f() { for word in "$@"; do echo "[$word]"; done; }; f a 'b c' $(echo d)
printf 'one\ntwo\nthree\n' > t; sed -n '/t/s/o/0/p' t; grep -c e t; wc -l < t; tr a-z A-Z < t | tail -n 1
echo '{"a": [1, 2, {"b": 3}]}' | jq -c '.a[2].b, (.a | length)'
mkdir -p d/e; cp t d/e; tar czf a.tgz d; rm -r d; tar xzf a.tgz; cmp t d/e/t && find d -type f
case $(uname) in Dia*) echo here;; esac; i=0; while [ $i -lt 3 ]; do i=$((i + 1)); done; echo $i
sleep 5 & kill %1; wait $!; echo $?; cat nosuch; echo $?; (exit 3) || echo status $?
> x = 6 * 7
< x
cat > greet.py <<'X'
def __main__(args):
    print("hello", *args)
X
./greet you; command -v ls > /dev/null; df / > /dev/null && ps > /dev/null && free > /dev/null; echo $?
"""


def test_a_session_from_source_is_as_one_of_the_compiled_system(sim, tmp_path):
    found = sim(SESSION, image="source", heap="640k")
    compiled = sim(SESSION, image="mpy", flash_size="6M", flash=str(tmp_path / "compiled.img"))
    assert found == compiled
    lines = found.stdout.splitlines()
    assert lines[:3] == ["30 465", "29 435", "28 406"] and lines[-2:] == ["hello you", "0"]
    assert found.stderr == "cat: nosuch: No such file or directory\n"


def test_a_console_from_source(console):
    console(image="source")
    console.expect(PROMPT)
    console.send("ec\tfirst > /home/f; ls /etc/mot\t\r")
    console.expect("\r\n/etc/motd\r\n")
    console.expect(PROMPT)
    console.send("vi /home/f\r")
    console.expect("first")
    console.send("ccsecond\x1b:wq\r")
    console.expect(PROMPT)
    console.send("\x1b[A\x1b[A\x15cat /home/f | wc -c; sleep 100\r")
    console.expect("\r\n7\r\n")
    console.send("\x03")
    console.expect(PROMPT)


def test_what_is_edited_on_the_board_runs(sim):
    edit = "sed -i 's/^def __main__.*/&\\n    print(\"edited\")/' /bin/sync.py"
    assert sim(f"sync; {edit}; sync", image="source").stdout == "edited\n"
    module = "echo 'NAME = \"mine\"' >> /lib/text/width.py; python -c 'from text import width; print(width.NAME)'"
    assert sim(module).stdout == "mine\n"
    assert sim("sync").stdout == "edited\n"


def test_a_traceback_names_files_and_lines(sim):
    script = "> from process import exit_status; exit_status.debug = True\nprintf 'proc = None\\n\\ndef __main__(args):\\n    1 / 0\\n' > /bin/bad.py; bad"
    result = sim(script, image="source")
    assert '  File "/bin/bad.py", line 4, in __main__\nZeroDivisionError: ' in result.stderr
    assert '  File "/lib/process/process.py", line ' in result.stderr.replace('"process/', '"/lib/process/')


def test_a_board_can_compile_every_program(sim):
    script = "cd /bin; for f in *.py; do python -c 'import sys; compile(open(sys.argv[1]).read(), sys.argv[1], \"exec\")' $f || echo $f; done"
    result = sim(script, image="source", timeout=120)
    assert (result.stdout, result.stderr) == ("", "")
