"""mip: packages in MicroPython's own format, from a server whose files the test sets."""

import hashlib
import http.server
import json
import ssl
import threading

import pytest

from bin import peers

MPY = 6  # the version of .mpy files that the simulated board takes


class Index:
    """A server with an index (v2) and the files beside it; files[path] is the body for a path."""

    def __init__(self):
        outer = self
        self.files = {}
        self.asked = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):  # noqa: N802 (the name that http.server calls)
                outer.asked.append(self.path)
                data = outer.files.get(self.path)
                self.send_response(404 if data is None else 200)
                self.send_header("Content-Length", str(len(data or b"")))
                self.end_headers()
                self.wfile.write(data or b"")

            def log_message(self, *_):
                """Nothing."""

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,))
        self.thread.start()

    def add(self, name, version, files, deps=(), kind=MPY):
        """A package of the index, as `latest` too."""
        hashes = []
        for path, text in files.items():
            sha = hashlib.sha256(text.encode()).hexdigest()
            hashes.append([path, sha[:8]])
            self.files[f"/pi/file/{sha[:2]}/{sha[:8]}"] = text.encode()
        found = json.dumps({"v": 1, "hashes": hashes, "deps": list(deps), "version": version}).encode()
        for which in (version, "latest"):
            self.files[f"/pi/package/{kind}/{name}/{which}.json"] = found

    def close(self):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture
def index():
    index = Index()
    index.add("words", "0.2", {"words.py": "text = 'hello'\n"})
    index.add("greeting.more", "1.0", {"greeting/more.py": "from words import text\n"}, [["words", "latest"]])
    yield index
    index.close()


@pytest.fixture
def mip(sim, index):
    """Callable: run a script in which MIP is `mip install` with the index."""

    def mip(script, **options):
        return sim(script.replace("MIP", f"mip install -i {index.url}/pi"), **options)

    return mip


def test_a_package_and_what_it_needs(mip, index):
    result = mip("MIP greeting.more; pkg list; python -c 'from greeting.more import text; print(text)'; ls /libx")
    assert result.stderr == ""
    assert result.stdout.startswith("greeting.more 1.0\nwords 0.2\ngreeting.more 1.0 \nwords 0.2 \nhello\n")
    index.asked.clear()
    assert mip("MIP greeting.more").stdout == "greeting.more 1.0\nwords 0.2\n"
    assert not [path for path in index.asked if "/file/" in path]  # what is there already
    result = mip("pkg remove words; pkg remove greeting.more words; pkg list; ls /libx/greeting /libx/words.py")
    assert "words: required by greeting.more" in result.stderr and "words.py: No such file" in result.stderr
    assert result.stdout == ""


def test_a_newer_version_and_a_certain_one(mip, index):
    mip("MIP words")
    index.add("words", "0.3", {"words.py": "text = 'hi'\n", "others.py": ""})
    assert (
        mip("MIP words; cat /libx/words.py; ls /libx/others.py").stdout == "words 0.3\ntext = 'hi'\n/libx/others.py\n"
    )
    assert mip("MIP words@0.2; cat /libx/words.py; ls /libx/others.py").stdout == "words 0.2\ntext = 'hello'\n"


def test_sources_another_place_and_single_files(mip, index):
    index.add("plain", "1.0", {"plain.py": "# plain\n"}, kind="py")
    index.files["/one/driver.py"] = b"# a driver\n"
    url = index.url
    result = mip(
        f"MIP -n -t /home/lib plain; cat /home/lib/plain.py; MIP {url}/one/driver.py; cat /libx/driver.py; pkg list"
    )
    assert result.stdout == "plain 1.0\n# plain\ndriver -\n# a driver\ndriver - \nplain 1.0 \n", result.stderr


def test_a_description_anywhere(mip, index):
    urls = [["pack/a.py", "src/a.py"], ["pack/b.py", index.url + "/elsewhere/b.py"]]
    index.files["/me/pack/package.json"] = json.dumps(
        {"urls": urls, "version": "0.1", "deps": [["words", "latest"]]}
    ).encode()
    index.files["/me/pack/src/a.py"] = b"# a\n"
    index.files["/elsewhere/b.py"] = b"# b\n"
    result = mip(f"MIP {index.url}/me/pack; cat /libx/pack/a.py /libx/pack/b.py; pkg list")
    assert result.stdout == "pack 0.1\nwords 0.2\n# a\n# b\npack 0.1 \nwords 0.2 \n", result.stderr


def test_what_is_somebody_elses_stays(mip, index):
    result = mip("echo mine > /libx/words.py; MIP words; cat /libx/words.py; pkg list")
    assert (result.stdout, result.stderr) == ("mine\n", "mip: /libx/words.py: already exists\n")
    mip("rm /libx/words.py; MIP words; echo changed >> /libx/words.py")
    index.add("words", "0.3", {"words.py": "text = 'hi'\n"})
    result = mip("MIP words; tail -n 1 /libx/words.py")
    assert result.stdout == "/libx/words.py: modified locally, not replaced\nwords 0.3\nchanged\n"
    index.add("second", "1.0", {"words.py": ""})
    assert mip("MIP second").stderr == "mip: /libx/words.py: belongs to words\n"


@pytest.mark.parametrize(
    "description, reason",
    [
        (b"no JSON", "not a package description"),
        (b"[1]", "not a package description"),
        (b'{"hashes": [["../etc/shadow", "0123456789"]]}', "not a package description"),
        (b'{"hashes": [["/etc/x.py", "0123456789"]]}', "not a package description"),
        (b'{"hashes": [["x.py", "../../x"]]}', "not a package description"),
        (b'{"hashes": [["x.py", "0"]]}', "not a package description"),
        (b'{"hashes": [["x.py", "0123456789"]]}', "server returned 404"),
        (b'{"hashes": [["x.py", "01234567"]]}', "checksum mismatch"),
        (b'{"deps": 5}', "not a package description"),
        (b" " * 20_000, "longer than 16384 bytes"),
    ],
)
def test_a_server_that_lies(mip, index, description, reason):
    index.files[f"/pi/package/{MPY}/bad/latest.json"] = description
    index.files["/pi/file/01/01234567"] = b"something else"
    result = mip("MIP bad; ls /libx/x.py /etc/x.py /libx/.x.py.new~ 2>/dev/null")
    assert (result.stdout, reason in result.stderr) == ("", True), result.stderr


def test_what_is_needed_is_missing(mip, index):
    index.add("half", "1.0", {"half.py": ""}, [["nix", "latest"]])
    result = mip("MIP half; pkg list; MIP nix")
    assert (result.stdout, result.stderr) == ("half 1.0\nhalf 1.0 \n", "mip: nix: no such package\n" * 2)


def test_packages_that_need_each_other(mip, index):
    index.add("one", "1.0", {"one.py": ""}, [["two", "latest"]])
    index.add("two", "1.0", {"two.py": ""}, [["one", "latest"]])
    assert mip("MIP one").stdout == "one 1.0\ntwo 1.0\n"


def test_a_flash_that_is_full(mip, index):
    index.add("large", "1.0", {"large.py": "#" * 300_000})
    # What df says is too little: littlefs counts some blocks twice.
    fill = "i=0; while head -c 60000 /dev/zero > /home/fill$i 2> /dev/null; do i=$((i + 1)); done; rm /home/fill$i"
    result = mip(f"{fill}; MIP large; ls -A /libx | grep large; rm /home/fill*; MIP large")
    assert (result.stdout, result.stderr) == ("large 1.0\n", "mip: No space left on device\n")


def test_words_that_make_no_sense(mip):
    for words in ("", "install", "remove x", "install ../x", "install github:me"):
        result = mip(f"mip {words}")
        assert result.status and result.stderr.startswith("mip: "), words


def test_over_tls_without_an_authority_it_warns_once(mip, index, require, tmp_path):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*peers.certificate(require("openssl"), tmp_path))
    index.server.socket = context.wrap_socket(index.server.socket, server_side=True)
    index.url = f"https://localhost:{index.server.server_port}"
    result = mip("MIP greeting.more")
    assert result.stdout == "greeting.more 1.0\nwords 0.2\n"
    warnings = [
        line for line in result.stderr.splitlines() if line.startswith("mip: WARNING: the certificate of localhost")
    ]
    assert len(warnings) == 1 and len(index.asked) == 4
