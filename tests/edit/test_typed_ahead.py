"""Keys typed while an editor is loading go to it, in order."""


def test_keys_typed_while_vi_loads_are_its_own(prompt):
    prompt.send('vi /tmp/f\rihello\rworld\x1b:wq\rcat /tmp/f; echo "$(wc -l < /tmp/f) lines"\r')
    prompt.expect("hello\r\nworld\r\n2 lines\r\n")


def test_ctrl_s_saves_in_edit(prompt):
    prompt.send("edit /tmp/g\r")
    prompt.expect("^X")
    prompt.send("some text\x13")
    prompt.expect("written")
    prompt.send('\x18echo "got: $(cat /tmp/g)"\r')
    prompt.expect("got: some text")
