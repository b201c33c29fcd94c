"""ftp, the client, against the server of the system itself."""

import hashlib

import pytest

from services.clients import PASSWORD


@pytest.fixture
def ftpd(board):
    machine = board()
    machine.start("uftpd")
    machine.run("mkdir -p /home/pond /tmp/here; cd /tmp/here")
    machine.run("seq 30000 > /home/pond/numbers; echo small > /home/pond/small")

    def ftp(commands, user=f"root:{PASSWORD}"):
        machine.run("rm -f /tmp/c")
        for line in commands.split("; "):
            machine.run(f"echo '{line}' >> /tmp/c")
        machine.run(f"to='-p {machine.port(21)} -u {user}'")
        return machine.run("ftp $to 127.0.0.1 < /tmp/c 2>&1")

    machine.ftp = ftp
    return machine


NUMBERS = hashlib.sha256("".join(f"{i}\n" for i in range(1, 30001)).encode()).hexdigest()


def test_files_come_and_go(ftpd):
    output, status = ftpd.ftp("cd /home/pond; get numbers; mkdir new; cd new; put numbers copy; size copy; pwd; nls")
    assert status == 0, output
    assert output.splitlines() == [
        "numbers: 168894 bytes",
        "numbers: 168894 bytes",
        "168894",
        output.splitlines()[3],
        "copy",
    ]
    assert "/home/pond/new" in output
    for name in ("numbers", "/home/pond/new/copy"):
        assert ftpd.run(f"sha256sum {name}")[0].split() == [NUMBERS, name]


def test_several_at_once_and_the_other_verbs(ftpd):
    output, status = ftpd.ftp(
        "cd /home/pond; mget n* s*; lcd /tmp/here; mv small tiny; rm numbers; mput n*; ls; mkdir d; rmdir d; quit"
    )
    assert status == 0, output
    assert "numbers" in output and "tiny" in output and " small\n" not in output.replace("small: 6", "")
    assert ftpd.run("ls -1 /tmp/here /home/pond | sort -u | tr '\\n' ' '")[0].split()[-3:] == [
        "numbers",
        "small",
        "tiny",
    ]


def test_a_transfer_goes_on_where_it_stopped(ftpd):
    ftpd.run("head -c 50000 /home/pond/numbers > numbers")
    output, status = ftpd.ftp("cd /home/pond; reget numbers")
    assert (output, status) == ("numbers: 168894 bytes, 50000 of them were here\n", 0)
    assert ftpd.run("sha256sum numbers")[0].split()[0] == NUMBERS


def test_what_fails_is_told_and_the_rest_is_done(ftpd):
    ftpd.run("echo old > small")
    output, status = ftpd.ftp("get nothing small; fly; get; cd /nowhere; cd /home/pond; size small extra; size small")
    assert status == 1
    assert output.count("ftp: ") == 5 and output.endswith("\n6\n")
    assert ftpd.run("cat small; ls -A")[0] == "old\nsmall\n"


def test_wrong_password_and_no_server(ftpd):
    output, status = ftpd.ftp("ls", "root:wrong")
    assert status == 1 and "ftp: 530" in output
    assert ftpd.run("ftp -p 1 127.0.0.1 2>&1")[0] == "ftp: 127.0.0.1:1: Connection refused\n"


def test_an_address_gets_its_file(ftpd):
    output, status = ftpd.run(f"ftp ftp://root:{PASSWORD}@127.0.0.1:{ftpd.port(21)}/home/pond/small; cat small")
    assert (output, status) == ("home/pond/small: 6 bytes\nsmall\n", 0)


def test_a_person_is_asked_and_the_password_is_not_shown(ftpd):
    child = ftpd.console.child
    child.send(f"ftp -p {ftpd.port(21)} 127.0.0.1\r")
    child.expect_exact("User (root): ")
    child.send("root\r")
    child.expect_exact("Password: ")
    child.send(PASSWORD + "\r")
    child.expect_exact("ftp> ")
    assert PASSWORD.encode() not in child.before
    child.send("cd /home/pond\rnls\r")
    child.expect_exact("numbers")
    child.send("quit\r")
    child.expect_exact("$: ")
