"""wget and curl against a web server with every kind of reply."""

import hashlib
import json

import pytest

from bin import peers

SHA = hashlib.sha256(peers.BIG).hexdigest()


@pytest.fixture(scope="module")
def web():
    with peers.web() as server:
        yield server


@pytest.fixture(scope="module")
def secure(require, tmp_path_factory):
    with peers.secure_web(require("openssl"), tmp_path_factory.mktemp("tls")) as server:
        yield server


def asked(result):
    """The request that /echo has received."""
    assert result.status == 0, result.stderr
    return json.loads(result.stdout)


@pytest.mark.parametrize("way", ["big", "chunked", "until-close", "to/301/big", "to/307/to/302/chunked"])
def test_wget_gets_the_same_bytes_whatever_way_they_come(sim, web, way):
    result = sim(f"cd /tmp; wget -q -O got {web.url}/{way} && sha256sum got; ls -A")
    assert result.stdout == f"{SHA}  got\ngot\n"
    assert result.stderr == ""


def test_wget_names_the_file_after_the_address_and_says_how_much_came(sim, web):
    script = f"cd /tmp; wget '{web.url}/big?x=1'; wget -P d {web.url}/big; mkdir d; wget -qP d {web.url}/big; ls d"
    result = sim(script, flash_size="8M")
    assert result.stderr.startswith("big 100% [========================] 150K of 150K, ")
    assert "wget: " in result.stderr and "No such file or directory" in result.stderr
    assert result.stdout == "big\n"


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("none", "server returned 404 Not Found"),
        ("cut", "Connection reset by peer"),
        ("circle", "too many redirects"),
        ("nonsense", "not an HTTP server"),
        ("silent", "Connection timed out"),
    ],
)
def test_wget_leaves_the_old_file_where_the_download_fails(sim, web, path, why):
    result = sim(f"cd /tmp; echo old > got; wget -q -T 1 -O got {web.url}/{path}; echo $?; cat got; ls -A")
    assert result.stdout == "1\nold\ngot\n"
    assert result.stderr.startswith("wget: ") and result.stderr.endswith(f": {why}\n")


def test_wget_goes_on_where_it_was_interrupted(sim, web):
    web.ranges.clear()
    result = sim(
        f"cd /tmp; wget -qc -O big {web.url}/cut; echo $?; ls; wget -qc -O big {web.url}/big; ls; sha256sum big\n"
        f"wget -c {web.url}/big; echo $?; head -c 700 big > other; wget -qc -O other {web.url}/big; sha256sum other",
        flash_size="8M",
    )
    assert result.stdout == f"1\nbig.part\nbig\n{SHA}  big\n0\n{SHA}  other\n"
    assert web.ranges == [5000, len(peers.BIG), 700]
    assert "./big: is complete" in result.stderr


def test_wget_writes_to_a_device(sim, web):
    result = sim(f"wget -q -O /dev/null {web.url}/big; echo $?; ls -A /dev | grep -c part")
    assert (result.stdout, result.stderr) == ("0\n0\n", "")


def test_wget_says_that_the_flash_is_full_before_it_begins(sim, web):
    fill = "free=$(df -k / | tail -1 | tr -s ' ' | cut -d ' ' -f 4); dd if=/dev/zero of=/fill bs=1k count=$((free - 60)) 2>/dev/null"
    result = sim(f"{fill}\ncd /home 2>/dev/null || cd /; mkdir d; wget -q -O d/big {web.url}/big; echo $?; ls -A d")
    assert result.stdout == "1\n"
    assert "No space left on device" in result.stderr


@pytest.mark.parametrize("words", ["", "-O x a b", "-O x -P d a", "-T x a", "--colour a"])
def test_wget_with_wrong_words(sim, words):
    result = sim("wget " + words)
    assert result.status == 2
    assert "usage: wget" in result.stderr


@pytest.mark.parametrize("url", ["ftp://x/", "http://", "http://a:99999/", "'http://a/b c'", "http://127.0.0.1:1/"])
@pytest.mark.parametrize("program", ["wget", "curl"])
def test_bad_addresses_are_a_sentence(sim, program, url):
    result = sim(f"{program} {url}")
    assert result.status
    assert result.stderr.count("\n") == 1
    assert result.stderr.startswith(program + ": ")


def test_an_unknown_name_is_a_sentence(sim):
    programs = ("wget", "curl", "nslookup", "ping -c 1", "nc -z")
    result = sim("".join([f"{words} nobody.invalid{' 80' * (words == 'nc -z')}; echo $?; " for words in programs]))
    assert result.stderr == "".join([f"{words.split()[0]}: nobody.invalid: unknown host\n" for words in programs])
    assert result.stdout == "1\n6\n6\n6\n6\n"


def test_ctrl_c_ends_a_download(console, web):
    console.expect("$: ")
    console.send(f"cd /tmp; wget {web.url}/silent; echo s''tatus $?\r")
    console.expect("s''tatus")
    console.send("\x03")
    console.expect("$: ")
    console.send("ls -A; echo e''nd\r")
    assert "silent" not in console.expect("end").split("e''nd")[-1]


def test_an_unchecked_certificate_is_warned_of(sim, secure):
    result = sim(f"wget -O /tmp/x {secure.url}/big; sha256sum /tmp/x; curl -s {secure.url}/big | wc -c")
    assert result.stdout == f"{SHA}  /tmp/x\n{len(peers.BIG)}\n"
    assert result.stderr.count("WARNING: the certificate of 127.0.0.1 is not checked") == 1
    quiet = sim(f"wget -q --no-check-certificate -O - {secure.url}/big | wc -c; curl -k {secure.url}/big | wc -c")
    assert quiet.stderr == ""
    assert quiet.stdout == f"{len(peers.BIG)}\n" * 2


def test_a_certificate_is_checked_where_the_authority_is_known(sim, secure, tmp_path):
    (tmp_path / "mine.pem").write_bytes(secure.certificate.read_bytes())
    url = secure.url.replace("127.0.0.1", "localhost")
    result = sim(
        f"cp /mnt/mine.pem /etc/ca.pem; curl -I {url}/big | head -1 | tr -d '\\r'; wget -qO - {secure.url}/big; echo $?",
        mount=f"{tmp_path}:/mnt",
    )
    assert result.stdout == "HTTP/1.1 200 OK\n1\n"
    assert result.stderr.startswith("wget: 127.0.0.1: certificate not trusted")


def test_a_stranger_is_not_trusted(sim, secure, require, tmp_path):
    peers.certificate(require("openssl"), tmp_path, "other")
    result = sim(f"curl --cacert /mnt/other.pem {secure.url}/big; echo $?", mount=f"{tmp_path}:/mnt")
    assert result.stdout == "60\n"
    assert result.stderr.startswith("curl: 127.0.0.1: certificate not trusted")


def test_no_tls_there(sim, web):
    result = sim(f"curl {web.url.replace('http', 'https')}/big; echo $?")
    assert result.stdout == "35\n"
    assert result.stderr.endswith("curl: 127.0.0.1: does not speak TLS\n")


def test_curl_asks_as_told(sim, web):
    got = asked(sim(f"curl -X DELETE -H 'X-One: 1' -H 'Accept:' -A me -u a:b {web.url}/echo?q=1"))
    assert (got["method"], got["path"], got["body"]) == ("DELETE", "/echo?q=1", "")
    headers = got["headers"]
    assert headers["x-one"] == "1" and headers["user-agent"] == "me" and "accept" not in headers
    assert headers["authorization"] == "Basic YTpi"
    assert headers["host"] == web.url.partition("//")[2]


def test_curl_sends_data(sim, web):
    got = asked(sim(f"echo -n file > /tmp/f; echo -n in | curl -d a=1 -d @/tmp/f -d @- {web.url}/echo"))
    assert (got["method"], got["body"]) == ("POST", "a=1&file&in")
    assert got["headers"]["content-type"] == "application/x-www-form-urlencoded"
    got = asked(sim(f"curl -X PUT --json '{{\"a\": 1}}' {web.url}/echo"))
    assert (got["method"], got["body"], got["headers"]["content-type"]) == ("PUT", '{"a": 1}', "application/json")


def test_curl_sends_a_form_with_a_file(sim, web):
    got = asked(sim(f"seq 2000 > /tmp/numbers; curl -F name=me -F 'doc=@/tmp/numbers;type=text/plain' {web.url}/echo"))
    kind, _, mark = got["headers"]["content-type"].partition("; boundary=")
    assert kind == "multipart/form-data"
    parts = got["body"].split("--" + mark)
    assert parts[1].endswith('name="name"\r\n\r\nme\r\n')
    assert 'name="doc"; filename="numbers"\r\nContent-Type: text/plain' in parts[2]
    assert parts[2].endswith("\n1999\n2000\n\r\n") and parts[3] == "--\r\n"


def test_curl_shows_headers_and_follows(sim, web):
    result = sim(f"curl -I {web.url}/big; curl -i {web.url}/to/302/none | tail -1; echo; curl -L {web.url}/to/302/none")
    lines = result.stdout.splitlines()
    assert lines[0] == "HTTP/1.1 200 OK" and f"content-length: {len(peers.BIG)}" in lines
    assert lines[-2:] == ["there it is", "nothing here"]


def test_curl_turns_a_post_into_a_get_and_keeps_a_307(sim, web):
    got = asked(sim(f"curl -L -d x=1 {web.url}/to/302/echo"))
    assert (got["method"], got["body"]) == ("GET", "")
    got = asked(sim(f"curl -L -d x=1 {web.url}/to/307/echo"))
    assert (got["method"], got["body"]) == ("POST", "x=1")


def test_credentials_do_not_go_to_strangers(sim, web):
    with peers.web() as other:
        web.away = other.url + "/echo"
        got = asked(sim(f"curl -L -u a:b -H 'Cookie: secret' {web.url}/away"))
    assert "authorization" not in got["headers"] and "cookie" not in got["headers"]


def test_curl_fails_with_the_status_of_curl(sim, web):
    result = sim(
        f"curl -f {web.url}/none; echo $?; curl -sf {web.url}/none; echo $?; curl -m 1 {web.url}/silent; echo $?\n"
        f"curl -L {web.url}/circle; echo $?; curl -s 127.0.0.1:1; echo $?; curl -o /tmp/no/x {web.url}/big; echo $?"
    )
    assert result.stdout == "22\n22\n28\n47\n7\n2\n"
    assert len(result.stderr.splitlines()) == 4


def test_curl_talks_on_stderr(sim, web):
    result = sim(f"curl -sv -u a:geheim {web.url}/big > /dev/null")
    assert "> GET /big HTTP/1.1" in result.stderr and "< HTTP/1.1 200 OK" in result.stderr
    assert "geheim" not in result.stderr and "Basic" not in result.stderr


def test_curl_gives_a_variable(sim, web):
    assert sim(f"curl -s {web.url}/none > 0; echo [$0]").stdout == "[nothing here]\n"


def test_a_header_cannot_smuggle_another(sim, web):
    result = sim(f"curl -H $'X: 1\\r\\nEvil: 1' {web.url}/echo")
    assert result.status == 2 and "not a header" in result.stderr
