"""The commands of the photo link: whatever comes, the answer is one of the protocol's."""

import binascii

from hypothesis import given, settings
from hypothesis import strategies as st

from shell.onboard import Board

board = Board(
    """
import asyncio
from photo.link import Slave, parse

PHOTO = bytes([i * 7 & 255 for i in range(250)])

async def take():
    return memoryview(PHOTO), lambda: None

slave = Slave(take)

class Bus:
    # a slave behind a wire that damages the transfers whose turns are in faults: {turn: how}

    def __init__(self, faults):
        self.slave = Slave(take)
        self.faults = faults
        self.turn = 0

    def carry(self, data):
        self.turn += 1
        how = self.faults.get(str(self.turn), 0)
        if how and data:
            place = how // 8 % len(data)
            if how % 3 == 0:
                return data[:place] + data[place + 1 :]
            if how % 3 == 1:
                raise OSError(5)
            data = bytearray(data)
            data[place] ^= 1 << how % 8
        return bytes(data)

    async def exchange(self, line, size, wait_ms):
        line = self.carry(line)
        parts = await self.slave.answer(line[:-1] if line[-1:] == bytes([10]) else line)
        answer = b"".join([bytes(part) for part in parts])
        await self.slave.later()
        return memoryview(self.carry((answer + bytes(size))[:size]))

    async def exchange_old(self, word, wait_ms):
        return await self.exchange(word, 1, wait_ms)

    async def drain(self):
        pass

def fetch(faults):
    async def all():
        from photo import fetch
        master = fetch.Master(Bus(faults), 50)
        await master.hello()
        while True:
            got = bytearray()
            try:
                size, crc = await master.capture(7)
                await master.fetch(size, got.extend)
            except fetch.Lost:
                continue
            return got.hex(), master.second, master.repeats
    return asyncio.run(all())

def ask(texts):
    async def all():
        answers = []
        for text in texts:
            parts = await slave.answer(bytes([ord(c) for c in text]))
            answers.append(b"".join([bytes(part) for part in parts]).hex())
            await slave.later()
        return answers
    return asyncio.run(all())
"""
)

PHOTO = bytes(i * 7 & 255 for i in range(250))

any_bytes = st.text(st.characters(max_codepoint=255), max_size=40)
numbers = st.integers(0, 1 << 33).map(str)
commands = st.one_of(
    any_bytes,
    st.sampled_from(
        ["ping", "capture", "get", "info", "hello 2", "flash-on", "capture 5", "get 0 100", "get -1 5", "get 1  2"]
    ),
    st.tuples(st.sampled_from(["get ", "capture ", "hello "]), numbers, st.just(" "), numbers).map("".join),
    st.tuples(st.just("get "), st.integers(0, 300).map(str), st.just(" "), st.integers(0, 2000).map(str)).map("".join),
)


@given(st.lists(commands, max_size=8))
@settings(max_examples=200)
def test_any_command_gets_a_valid_answer(lines):
    for line, text in zip(lines, board.call("ask", lines), strict=True):
        answer = bytes.fromhex(text)
        size = int.from_bytes(answer[1:3], "little")
        if answer[0] == 202:
            payload = answer[3:-4]
            assert len(payload) == size <= 1024
            assert binascii.crc32(line.encode("latin-1") + payload) == int.from_bytes(answer[-4:], "little")
            if line.startswith("get "):
                offset, most = map(int, line.split()[1:])
                assert payload == PHOTO[offset : offset + most]
        elif answer[0] == 201:
            assert line == "get" and len(answer) == 3 + size <= 103
        else:
            assert answer in (b"\x64", b"\xc8")
            assert (answer == b"\xc8") == (line in ("ping", "capture"))


def test_the_first_protocol_gives_the_photo_once_and_begins_anew():
    answers = [bytes.fromhex(text) for text in board.call("ask", ["capture"] + ["get"] * 5)]
    assert answers[0] == b"\xc8"
    assert [int.from_bytes(answer[1:3], "little") for answer in answers[1:]] == [100, 100, 50, 0, 100]
    assert b"".join(answer[3:] for answer in answers[1:5]) == PHOTO


@given(st.dictionaries(st.integers(1, 40).map(str), st.integers(1, 1 << 20), max_size=8))
@settings(max_examples=60)
def test_whatever_is_damaged_the_photo_is_right(faults):
    photo, second, _ = board.call("fetch", faults)
    assert bytes.fromhex(photo) == PHOTO and second


def test_an_undamaged_transfer_repeats_nothing():
    assert board.call("fetch", {})[2] == 0
