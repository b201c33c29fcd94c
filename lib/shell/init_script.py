# The scripts of boot and shutdown: they run in an environment of their own, which they hand back to the kernel.

from process import find
from process.process import spawn
from process.stream import Stream
from shell import scripts, trampoline
from shell.shell import Shell


async def run(kernel, path, quiet=False):
    """Run the script at path and export its environment to the kernel. Returns its status.

    quiet: its output is dropped; its errors are not.

    Raises OSError where there is none; an error in it has been reported on the console.
    """
    if not find.is_file(path):
        raise OSError(2)  # ENOENT
    kept = []

    def main(args):
        from process import cpu

        shell = Shell(cpu.current, path)
        shell.inherit()
        kept.append(shell)
        return trampoline.run(scripts.run_script(shell, path))

    status = await spawn("init", [], kernel, main, stdout=Stream() if quiet else None).wait()
    for shell in kept:  # none where there was no memory for it
        for name in shell.exported:
            if name in shell.vars:
                kernel.env[name] = shell.vars[name]
    return status
