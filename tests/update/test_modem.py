"""An update through a modem."""

from harness import ROOT
from opt.modem.conftest import JOIN

from update.releases import NEW, PATHS


def test_a_release_comes_through_a_modem(board, server, releases):
    copy = "cp /mnt/modem/bin/* /bin; mkdir -p /libx; cp -r /mnt/modem/lib/* /libx\n"
    words = ["--set", "uart.1.modem=esp-at", "--heap", "640k", "--mount", f"{ROOT}/opt/modem:/mnt/modem"]
    run = board.run(copy + JOIN + f"atupgrade -f {server.url}", *words)
    assert run.returncode == 0, run.stderr
    assert f"{NEW} is ready" in run.stdout
    assert board.files() == releases.sums(releases.new, PATHS)
