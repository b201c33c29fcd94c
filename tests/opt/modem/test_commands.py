"""atmodem against a modem with ESP-AT: commands, scripts, and every kind of line failure."""

import pytest
from opt.modem.conftest import LINE

VERSION = [
    "AT version:2.2.1.0(simulated)",
    "SDK version:v3.4-71",
    "compile time(0000000):Jan  1 2024 00:00:00",
    "Bin version:2.2.0(SIM)",
]


def test_a_command_prints_its_answer(esp):
    result = esp("atmodem AT+GMR; echo $?; AT+GMR", LINE)
    assert result.stdout.splitlines() == [*VERSION, "0", *VERSION]
    assert result.stderr == ""


def test_the_talk_is_shown(esp):
    lines = esp("atmodem AT -v -tm\natmodem -v sleep 0", LINE).stdout.splitlines()
    assert lines[:3] == [">> AT", "<< AT", "<< OK"]
    assert lines[3].startswith("** Cmd: AT: Time: ") and lines[3].endswith("ms")
    assert lines[5] == "** Waiting 0sec"


@pytest.mark.parametrize(
    "line",
    [
        'AT+CWJAP="Diatom","frustule" 5',
        'atmodem \'AT+CWJAP="Diatom","frustule"\' 5',
        'atmodem \'AT+CWJAP="Diatom","frustule" 5 WIFI GOT IP\' -v | tail -0',
    ],
)
def test_quotes_and_blanks_reach_the_modem(esp, line):
    result = esp(line + "\nAT+CWJAP?", LINE)
    assert '+CWJAP:"Diatom",' in result.stdout
    assert result.stderr == ""


def test_a_network_with_blanks_and_a_hash_in_its_name(esp):
    network = '[{"ssid": "my # net", "password": "a b"}]'
    result = esp(
        'AT+CWJAP="my # net","a b" 5 # comment\nAT+CWJAP?', LINE + f"> simulator.set('wifi.networks', {network})\n"
    )
    assert '+CWJAP:"my # net",' in result.stdout


def test_what_is_waited_for_may_be_another_line(esp):
    result = esp('AT+CIPSNTPCFG=1,1,"a","b" 2 +TIME_UPDATED')
    assert result.stdout.splitlines()[:2] == ["OK", "+TIME_UPDATED"]
    result = esp("atmodem AT 0.2 +NEVER")
    assert result.stderr == "atmodem: modem0: AT: incomplete answer after 0.2 s\n"
    assert result.status == 1


SCRIPT = """# a script as upyOS has it
echo Reset Modem
reset 22 1
uart 1 115200 4 5 modem0   # sdata.modem0

AT
#AT+RST
AT+NONSENSE
   AT+CWMODE=1
echo Connecting WIFI ...
AT+CWJAP="Diatom","frustule" 5
sleep .01
AT+CIFSR
UART 1 115200
"""


def test_a_script_of_upyos_runs_unchanged(esp, tmp_path):
    (tmp_path / "modem.inf").write_text(SCRIPT)
    result = esp(
        "atmodem -f /mnt/modem.inf; echo $?; < type(sdata.modem0).__name__\n< simulator.get('uart.1.modem.log')\n",
        "",
        world=["reset=22"],
        mount=f"{tmp_path}:/mnt",
    )
    lines = result.stdout.splitlines()
    assert lines[:5] == ["Reset Modem", "Connecting WIFI ...", "1", "UART", lines[4]]
    assert lines[4] == str(["AT", "AT+NONSENSE", "AT+CWMODE=1", 'AT+CWJAP="Diatom","frustule"', "AT+CIFSR"])
    assert result.stderr.splitlines() == [
        "atmodem: /mnt/modem.inf:8: modem0: AT+NONSENSE: the modem replied ERROR",
        "atmodem: /mnt/modem.inf:14: uart: expected UART, BAUD, TX and RX",
    ]


def test_the_script_that_comes_with_the_system(esp):
    result = esp("atmodem -v -f /opt/modem.inf; echo $?", LINE)
    assert result.stdout.endswith("<< OK\n0\n")


def test_the_reset_pin_starts_the_modem_anew(esp):
    result = esp("atmodem -r 22 0.2 -v\nAT+CWSTATE?", world=["reset=22"])
    assert result.stdout == '** Resetting Modem..., Ready\n+CWSTATE:0,""\n'


FAULTS = {
    "silent": "no answer within 0.3 s",
    "error": "the modem replied ERROR",
    "cme 10": "the modem replied +CME ERROR 10: SIM not inserted",
    "cme 999": "the modem replied +CME ERROR 999",
    "busy": "the modem replied busy",
    "garbage": "invalid characters received; check the modem's speed",
    "half": "incomplete answer after 0.3 s",
    "off": "no answer within 0.3 s",
}


def test_a_fault_is_a_sentence_and_the_next_command_works(esp):
    script = ""
    for fault in FAULTS:
        script += f"> W(fault='{fault}')\natmodem AT+GMR 0.3 >/dev/null; echo $?\n> W(fault='', power=True)\n"
        script += "sleep .1; atmodem AT+CWMODE? 20; echo $?\n"
    result = esp(script, LINE)
    assert result.stderr.splitlines() == [f"atmodem: modem0: AT+GMR: {why}" for why in FAULTS.values()]
    assert result.stdout.splitlines() == ["1", "+CWMODE:1", "0"] * len(FAULTS)


@pytest.mark.parametrize("fault", ["pieces", "noise"])
def test_an_answer_in_pieces_or_after_noise_is_an_answer(esp, fault):
    result = esp(f"> W(fault='{fault}')\natmodem AT+GMR 20; echo $?", LINE)
    assert result.stdout.splitlines()[-4:] == [*VERSION[1:], "0"]
    assert result.stderr == ""


def test_what_the_modem_says_by_itself_is_nobodys_answer(esp):
    result = esp("> W(urc='WIFI DISCONNECT')\n> W(urc='OK')\nsleep .05; atmodem AT+NONSENSE 2>/dev/null; echo $?", LINE)
    assert result.stdout == "1\n"


def test_messages_do_not_tell_passwords(esp):
    result = esp('> W(fault=\'silent\')\nAT+CWJAP="Diatom","secret" 0.1', LINE)
    assert result.stderr == "atmodem: modem0: AT+CWJAP: no answer within 0.1 s\n"


WRONG = {
    "": "missing COMMAND",
    "-t AT": "-t: invalid option",
    "-c 1 fast 4 5": "fast: invalid speed",
    "-c 1 9600": "uart: expected UART, BAUD, TX and RX",
    "-r 22": "reset: expected GPIO and SECONDS",
    "-r 22 soon": "soon: invalid number of seconds",
    "AT soon": "soon: invalid number of seconds",
    "-f": "-f: option requires an argument",
    "'AT+X=\"'": 'AT+X=": unmatched quote',
}

MISSING = "no such modem; create it with atmodem -c UART BAUD TX RX"
IMPOSSIBLE = {
    "AT": f"modem0: {MISSING}",
    "-M other AT": f"other: {MISSING}",
    "-f /none.inf": "/none.inf: No such file or directory",
    "-c 9 9600 4 5": "UART 9: UART(9) does not exist",
    "-c 1 9600 4 5 debug": "debug: name already in use",
    "-c 1 9600 4 5 a.b": "a.b: invalid name for a modem",
    "-c 1 9600 4 5 modem0 6 7 x": "x: flow control must be r, c, rc or off",
}


@pytest.mark.parametrize(("table", "status"), [(IMPOSSIBLE, 1), (WRONG, 2)], ids=["impossible", "wrong"])
def test_what_cannot_be_is_a_sentence_and_wrong_words_bring_the_usage(esp, table, status):
    result = esp("".join(f"atmodem {words}; echo $?\n" for words in table), "")
    assert result.stdout == f"{status}\n" * len(table)
    said = [line for line in result.stderr.splitlines() if not line.startswith(("usage: ", " "))]
    assert said == [f"atmodem: {why}" for why in table.values()]
    assert result.stderr.count("usage: atmodem ") == (len(table) if status == 2 else 0)


def test_ctrl_c_ends_the_wait_and_the_line_stays_usable(console):
    console(set=["uart.1.modem=esp-at", "uart.1.modem.fault=silent", "uart.1.modem.fault_on=AT+CWLAP"], heap="640k")
    console.expect("$: ")
    console.send("atmodem -c 1 115200 4 5; AT+CWLAP 60; echo x''x\r")
    console.expect("x''x")
    console.expect("\n")
    console.send("\x03")
    console.expect("$: ")
    console.send("AT+GMR\r")
    console.expect(VERSION[3])
