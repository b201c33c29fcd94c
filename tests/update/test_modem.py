"""An update through a modem."""

from modem.conftest import JOIN

from update.releases import NEW, PATHS


def test_a_release_comes_through_a_modem(board, server, releases):
    run = board.run(JOIN + f"atupgrade -f {server.url}", "--set", "uart.1.modem=esp-at", "--heap", "640k")
    assert run.returncode == 0, run.stderr
    assert f"{NEW} is ready" in run.stdout
    assert board.files() == releases.sums(releases.new, PATHS)
