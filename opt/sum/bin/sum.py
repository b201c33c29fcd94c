# sum - print a checksum and the number of blocks
# usage: sum [-r | -s] [FILE...]
#
#   -r  as BSD has it, with blocks of 1024 bytes (the usual one)      -s  as System V has it, with blocks of 512

from program import each, options

proc = None


async def __main__(args):
    opts, files = options(args, "rs", (("sysv", "s"),))
    system_v = [letter for letter, _ in opts.order][-1:] == ["s"]

    async def work(name, stream):
        total = size = 0
        while data := await stream.read():
            size += len(data)
            if system_v:
                total += sum(data)
                continue
            for byte in data:
                total = (total >> 1) + ((total & 1) << 15) + byte & 0xFFFF
        label = f" {name}" if files and (name != "-" or len(files) > 1) else ""
        if system_v:
            total = (total & 0xFFFF) + (total >> 16)
            total = (total & 0xFFFF) + (total >> 16)
            proc.stdout.write(f"{total} {(size + 511) // 512}{label}\n")
        else:
            proc.stdout.write(f"{total:05d} {(size + 1023) // 1024:5d}{label}\n")

    return await each(files, work)
