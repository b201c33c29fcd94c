# An FTP client (RFC 959, 2428, 3659): passive transfers in binary.

import re

from base.errors import Failure
from net.link import connect

_LINE_MAX = 1024
_LINES_MAX = 200  # of one reply


class Session:
    """A connection to a server. The methods raise Failure with the server's reply."""

    def __init__(self, link):
        self.link = link

    @staticmethod
    async def open(host, port):
        session = Session(await connect(host, port))
        try:
            await session.reply("2")
            return session
        except BaseException:
            session.close()
            raise

    def close(self):
        self.link.close()

    async def reply(self, good):
        """(code, text) of the next reply; Failure if the first digit of its code is not in `good`."""
        lines = []
        code = ""
        while True:
            line = await self.link.line(_LINE_MAX)
            text = (
                "".join([chr(c) if 31 < c < 127 else "?" for c in line]) if max(line or b"\0") > 127 else line.decode()
            )
            lines.append(text)
            if not code:
                code = text[:3]
                if not code.isdigit():
                    raise Failure(self.link.peer[0], "not an FTP server")
            if text[:3] == code and text[3:4] != "-":
                break
            if len(lines) > _LINES_MAX:
                raise Failure(self.link.peer[0], "reply too long")
        text = "\n".join(lines)
        if code[0] not in good:
            raise Failure("", text)
        return code, text

    async def command(self, words, good="2"):
        if "\r" in words or "\n" in words:
            raise Failure("", "newline in a name")
        await self.link.send((words + "\r\n").encode())
        return await self.reply(good)

    async def login(self, user, password):
        code, _ = await self.command("USER " + user, "23")
        if code[0] == "3":
            await self.command("PASS " + password, "2")
        await self.command("TYPE I")

    async def data(self):
        """Open the data connection for a transfer."""
        host, port = self.link.peer[:2]
        try:
            _, text = await self.command("EPSV")
            found = re.search(r"\(\|\|\|(\d+)\|\)", text)
        except Failure:
            _, text = await self.command("PASV")
            found = re.search(r"(\d+),(\d+)[^\d,]*$", text)
            if found:  # ignore the address in the reply: another one than the server's would be an attack (FTP bounce)
                return await connect(host, (int(found.group(1)) & 255) << 8 | int(found.group(2)) & 255)
        if not found or not 0 < int(found.group(1)) < 65536:
            raise Failure(host, "invalid reply to PASV or EPSV")
        return await connect(host, int(found.group(1)))

    async def retrieve(self, words, take, offset=0):
        """Call take(bytes) with the data of a command like RETR."""
        link = await self.data()
        try:
            if offset:
                await self.command(f"REST {offset}", "3")
            await self.command(words, "1")
            buffer = bytearray(2048)
            view = memoryview(buffer)
            while n := await link.readinto(buffer):
                take(view[:n])
        finally:
            link.close()
        await self.reply("2")

    async def store(self, words, file):
        """Send a file with a command like STOR."""
        link = await self.data()
        try:
            await self.command(words, "1")
            buffer = bytearray(2048)
            view = memoryview(buffer)
            while n := file.readinto(buffer):
                await link.send(view[:n])
        finally:
            link.close()
        await self.reply("2")

    async def quit(self):
        try:
            await self.command("QUIT")
        except (Failure, OSError):  # already disconnected
            pass
