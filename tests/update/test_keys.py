"""Signatures of releases, and the keys that the board trusts."""

import shutil

import pytest

from release import bundle, contents, keys
from update.conftest import Server
from update.releases import OLD, Releases
from update.served import MANIFEST, forged, refused


def test_a_board_without_a_key(delivered, releases, server, tmp_path):
    board = delivered.copy(tmp_path / "flash.img")
    refused(board, releases, server, "no key to verify a release (`man upgrade`: Keys)", "rm /etc/release.pub; ")
    assert "diatom keygen" in board.run("man upgrade | cat").stdout


def test_a_release_without_a_key_leaves_that_of_the_board(board, releases, server):
    """No release can remove the keys that the next one is checked with."""
    forged(releases, server, lambda entries: [e for e in entries if e["path"] != "/etc/release.pub"])
    assert board.run(f"upgrade -f {server.url}").returncode == 0
    board.restart()
    assert board.run("cat /etc/release.pub").stdout == releases.public + "\n"


def test_only_the_console_may_do_what_harms(board):
    """upgrade asks for the session's name: at the console sits somebody who can reach the reset button."""
    run = board.run("upgrade -f --unsigned /mnt/release/new; echo $?")
    assert run.stdout.endswith("\n0\n"), run.stderr


def test_a_release_that_nobody_has_signed(board, releases, server):
    server.files[MANIFEST + ".sig"] = lambda handler: handler.send_error(404)
    refused(board, releases, server, "without a signature use --unsigned on the console")


def test_the_owner_may_trust_another_maker(board, releases, tmp_path):
    """A fork: its own key, and releases with their list of keys."""
    other = keys.generate()
    keys.save(other, tmp_path / "key")
    tree = releases.tree("0.9.5", tmp_path / "fork")
    (tree / "etc" / "release.pub").write_text(keys.public_line(other) + "\n")
    place = releases.make(tree, "forked", key=str(tmp_path / "key"))
    error = board.run("upgrade -f /mnt/release/forked").stderr
    assert "not signed with a trusted key" in error
    assert "to accept the releases of this maker: upgrade --trust /mnt/release/forked" in error
    fork = Server(place)
    try:
        run = board.run(f"echo n | upgrade --trust {fork.url}; echo $?; upgrade -f {fork.url}")
        assert keys.shown(keys.public_line(other)) + "\n1\n" in run.stdout and "not signed with" in run.stderr
        run = board.run(f"echo y | upgrade --trust {fork.url}; upgrade --trust; upgrade -f {fork.url}")
    finally:
        fork.close()
    assert run.stdout.count(keys.shown(keys.public_line(other))) == 2, run.stdout + run.stderr
    assert keys.shown(releases.public) in run.stdout and "0.9.5 is ready" in run.stdout
    board.restart()
    way_back = "upgrade --trust -f /mnt/release/old/release.pub; upgrade -f --downgrade /mnt/release/old"
    run = board.run(f"upgrade --confirm; upgrade --trust -f /mnt/release/forked/release.pub; {way_back}")
    assert run.stdout.startswith(f"trusted already\n{keys.shown(releases.public)}\n"), run.stdout + run.stderr
    assert f"{OLD} is ready" in run.stdout, run.stderr


@pytest.mark.parametrize(
    "text, reason",
    [
        ("", "contains no key"),
        ("# a comment\n", "contains no key"),
        ("abc\n", "not a list of keys"),
        ("x" * 512 + "\n", "not a list of keys"),
        ("0" * 5000, "longer than 4096 bytes"),
        (None, "No such file or directory"),
    ],
)
def test_what_is_no_key_is_not_trusted(sim, text, reason):
    make = "" if text is None else f"printf '%s' '{text}' > /home/release.pub; "
    run = sim(f"{make}upgrade --trust -f /home; echo $?; ls /etc/release.pub")
    assert (run.stdout, reason in run.stderr) == ("1\n", True), run.stderr


def test_a_key_can_be_replaced_by_a_release_that_the_old_key_has_signed(board, releases, tmp_path):
    tree = releases.tree("0.9.3", "other-key")
    Releases.change(tree)
    other = keys.generate()
    (tree / "etc" / "release.pub").write_text(keys.public_line(other) + "\n")
    releases.make(tree, "third")
    board.run("upgrade -f /mnt/release/third")
    board.restart()
    assert board.run("upgrade --confirm; upgrade --status").stdout.startswith("installed: 0.9.3")
    assert "not signed with a trusted key" in board.run("upgrade -f /mnt/release/third").stderr
    keys.save(other, tmp_path / "key")
    releases.make(tree, "third", key=str(tmp_path / "key"))  # the new key signs what follows
    assert "everything is up to date" in board.run("upgrade -f /mnt/release/third").stdout
    shutil.rmtree(tree)


def test_the_bundle_is_an_archive_that_anybody_can_open(releases):
    import io
    import tarfile

    items = contents.read(str(releases.new), "source")
    data, offsets = bundle.pack(items)
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        members = archive.getmembers()
    assert [member.name for member in members] == [item.path for item in items]
    for item, at in zip(items, offsets, strict=True):
        assert data[at : at + len(item.data)] == item.data


@pytest.mark.parametrize("signature", [b"", bytes(255), bytes(256), b"\xff" * 256, bytes(255) + b"\1", bytes(300)])
def test_a_signature_that_is_none(board, releases, server, signature):
    server.files[MANIFEST + ".sig"] = signature
    refused(board, releases, server, "signature" if len(signature) <= 256 else "longer than")


def test_the_signature_of_somebody_else(board, releases, server):
    server.files[MANIFEST + ".sig"] = keys.sign(keys.generate(), (server.directory / MANIFEST).read_bytes())
    refused(board, releases, server, "not signed with a trusted key")
