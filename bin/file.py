# file - determine the type of files
# usage: file [-bhiL] [-f LIST] FILE...
#
#   -h, -L  no effect: there are no links
#   -b  without the names      -i  print media types      -f LIST  read the names from LIST, one a line

import os

from base.errors import Usage
from program import complain, inputs, options, status

proc = None

LONG = (("brief", "b"), ("mime", "i"), ("mime-type", "i"), ("files-from", "f"))


async def __main__(args):
    opts, names = options(args, "bhif:L", LONG)
    if "f" in opts:
        for _, stream in inputs([opts["f"]]):
            while batch := await stream.lines():
                names.extend([line.decode() for line in batch])
    if not names:
        raise Usage("missing operand")
    width = max([len(name) for name in names]) + 1
    for name in names:
        try:
            text, media = await identify(name)
        except OSError as e:
            complain(name, e)
            continue
        text = media if "i" in opts else text
        title = "" if "b" in opts else name + ":" + " " * (width - len(name))
        proc.stdout.write(f"{title}{text}\n")
    return status()


async def identify(name):
    """Return (description, media type)."""
    if name == "-":
        return kind(await proc.stdin.read(1024), "")
    bits = os.stat(name)[0]
    if bits & 0x4000:
        return "directory", "inode/directory"
    if bits & 0xF000 == 0x2000:
        return "character special", "inode/chardevice"
    with open(name, "rb") as file:
        return kind(file.read(1024), name)


# --- Signatures of file types

# (offset, bytes, type, media type)
_MAGIC = (
    (0, b"\x1f\x8b", "gzip compressed data", "application/gzip"),
    (0, b"PK\x03\x04", "Zip archive data", "application/zip"),
    (0, b"BZh", "bzip2 compressed data", "application/x-bzip2"),
    (0, b"\xfd7zXZ\0", "xz compressed data", "application/x-xz"),
    (0, b"7z\xbc\xaf\x27\x1c", "7-zip archive data", "application/x-7z-compressed"),
    (0, b"!<arch>\n", "current ar archive", "application/x-archive"),
    (0, b"070701", "ASCII cpio archive (SVR4 with no CRC)", "application/x-cpio"),
    (0, b"dex\n", "Dalvik dex file", "application/octet-stream"),
    (0, b"\0asm", "WebAssembly module", "application/wasm"),
    (0, b"OggS", "Ogg data", "application/ogg"),
    (257, b"ustar", "POSIX tar archive", "application/x-tar"),
    (0, b"\x7fELF", "ELF binary", "application/x-executable"),
    (0, b"\x89PNG\r\n\x1a\n", "PNG image data", "image/png"),
    (0, b"\xff\xd8\xff", "JPEG image data", "image/jpeg"),
    (0, b"GIF8", "GIF image data", "image/gif"),
    (0, b"BM", "BMP image data", "image/bmp"),
    (0, b"%PDF-", "PDF document", "application/pdf"),
    (0, b"UF2\n", "UF2 firmware image", "application/octet-stream"),
    (0, b"\xd2\xcd\x31", "MicroPython ROMFS image", "application/octet-stream"),
    (8, b"littlefs", "littlefs file system", "application/octet-stream"),
    (0, b"RIFF", "RIFF data", "application/octet-stream"),
    (0, b"ID3", "MP3 audio", "audio/mpeg"),
    (0, b"SQLite format 3\0", "SQLite database", "application/vnd.sqlite3"),
    (0, b"-----BEGIN ", "PEM data", "application/x-pem-file"),
)

_SCRIPTS = (("python", "Python script", "text/x-script.python"), ("sh", "shell script", "text/x-shellscript"))

_SUFFIXES = (
    (".py", "Python script", "text/x-script.python"),
    (".sh", "shell script", "text/x-shellscript"),
    (".json", "JSON text", "application/json"),
    (".html", "HTML document", "text/html"),
    (".htm", "HTML document", "text/html"),
    (".css", "CSS style sheet", "text/css"),
    (".js", "JavaScript source", "text/javascript"),
    (".md", "Markdown", "text/markdown"),
    (".csv", "CSV", "text/csv"),
    (".c", "C source", "text/x-c"),
    (".h", "C source", "text/x-c"),
)


def kind(data, name):
    """Return (description, media type) of a file by its first bytes and its name."""
    if not data:
        return "empty", "inode/x-empty"
    for place, magic, text, media in _MAGIC:
        if data[place : place + len(magic)] == magic:
            return text + _details(magic, data), media
    if data[:4] == b"\xca\xfe\xba\xbe":
        version = data[6:8]
        if version > b"\0\x2c":  # smaller: the number of architectures in a universal binary of macOS
            return f"compiled Java class data, version {version[0] << 8 | version[1]}.0", "application/java-vm"
        return "Mach-O universal binary", "application/x-mach-binary"
    if data[0] == 77 and len(data) > 3 and data[1] < 16 and name.endswith(".mpy"):
        return f"MicroPython bytecode, version {data[1]}", "application/octet-stream"
    encoding = _encoding(data)
    if not encoding:
        return "data", "application/octet-stream"
    what, media = "", "text/plain"
    if data[:2] == b"#!":
        line = data[2:].split(b"\n", 1)[0]
        for word, text, script in _SCRIPTS:
            if word.encode() in line:
                what, media = text, script
                break
    else:
        start = data.lstrip()[:14].lower()
        if start[:9] == b"<!doctype" or start[:5] == b"<html":
            what, media = "HTML document", "text/html"
        elif start[:5] == b"<?xml":
            what, media = "XML document", "text/xml"
    for suffix, text, by_name in () if what else _SUFFIXES:
        if name.endswith(suffix):
            what, media = text, by_name
    ends = ", with CRLF line terminators" if b"\r\n" in data else "" if b"\n" in data else ", with no line terminators"
    return f"{what + ', ' if what else ''}{encoding} text{ends}", media


def _details(magic, data):
    """Return details found in the headers of some file types."""
    if magic == b"GIF8" and len(data) > 9:
        return f", version {data[3:6].decode()}, {data[6] | data[7] << 8} x {data[8] | data[9] << 8}"
    if magic[:4] == b"\x89PNG" and len(data) > 23:
        sizes = [int.from_bytes(data[i : i + 4], "big") for i in (16, 20)]
        return f", {sizes[0]} x {sizes[1]}"
    if magic == b"PK\x03\x04" and len(data) > 4:
        return f", at least v{data[4] // 10}.{data[4] % 10} to extract"
    if magic == b"BZh" and data[3:4].isdigit():
        return f", block size = {data[3] - 48}00k"
    if magic[:2] == b"7z" and len(data) > 7:
        return f", version {data[6]}.{data[7]}"
    if magic == b"dex\n" and len(data) > 6:
        return f" version {data[4:7].decode()}"
    if magic == b"ustar" and data[257:263] == b"ustar ":
        return " (GNU)"
    if magic == b"\x7fELF" and len(data) > 5:
        bits = {1: "32-bit", 2: "64-bit"}.get(data[4], "unknown class")
        return f", {bits} {'LSB' if data[5] == 1 else 'MSB'}"
    return ""


def _encoding(data):
    """Return ASCII, UTF-8, or "" if it is not text."""
    for byte in data:
        if byte < 32 and byte not in b"\a\b\t\n\v\f\r\x1b":
            return ""
    if max(data) < 128:
        return "ASCII"
    for cut in range(4):  # the last character may be cut off
        try:
            data[: len(data) - cut].decode()
            return "Unicode text, UTF-8"
        except UnicodeError:
            pass
    return ""
