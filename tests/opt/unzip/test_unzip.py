"""unzip: the package of that name, with archives of Python's zipfile."""

import zipfile


def archive(path, *files, method=zipfile.ZIP_DEFLATED):
    with zipfile.ZipFile(path, "w", method) as made:
        for name, text in files:
            made.writestr(name, text)


def unzip(sim, tmp_path, script):
    result = sim(f"cd /tmp; {script}", mount=f"{tmp_path}:/mnt", packages="unzip")
    return result.stdout, result.status


LONG = "".join(f"{i}\n" for i in range(3000))


def test_files_are_extracted(sim, tmp_path):
    archive(tmp_path / "a.zip", ("a.txt", "one\n"), ("d/b.txt", LONG), ("e/", ""))
    text, status = unzip(sim, tmp_path, "unzip -q /mnt/a.zip; cat a.txt; wc -l < d/b.txt; ls -d e; tail -n 1 d/b.txt")
    assert (text, status) == ("one\n3000\ne\n2999\n", 0)


def test_stored_files_and_those_asked_for(sim, tmp_path):
    archive(tmp_path / "a.zip", ("a.txt", "one\n"), ("d/b.txt", "two\n"), method=zipfile.ZIP_STORED)
    text, status = unzip(
        sim, tmp_path, "unzip -p /mnt/a.zip 'd/*'; unzip -qj -d q /mnt/a.zip; ls q; unzip /mnt/a.zip zz 2>&1"
    )
    assert (text, status) == ("two\na.txt\nb.txt\nArchive:  /mnt/a.zip\nunzip: zz: not matched\n", 11)


def test_listing(sim, tmp_path):
    archive(tmp_path / "a.zip", ("a.txt", "one\n"), ("b", "x" * 500))
    text, _ = unzip(sim, tmp_path, "unzip -l /mnt/a.zip | awk '{print $1, $4, $2}' | sed -n '4,7p'")
    assert text.startswith("4 a.txt ") and "\n500 b " in text and "\n504  2\n" in text


def test_names_that_lead_away_are_refused(sim, tmp_path):
    archive(tmp_path / "a.zip", ("../evil", "x"), ("/abs", "x"), ("good", "y\n"))
    text, status = unzip(
        sim,
        tmp_path,
        "mkdir w; cd w; unzip -q /mnt/a.zip 2>&1; s=$?; cat good; ls /tmp /abs 2>/dev/null | grep evil; exit $s",
    )
    assert (text, status) == (
        "unzip: ../evil: absolute names and '..' are not allowed\nunzip: /abs: absolute names and '..' are not allowed\ny\n", 1
    )  # fmt: skip


def test_an_existing_file_is_overwritten_only_if_asked(sim, tmp_path):
    archive(tmp_path / "a.zip", ("a.txt", "new\n"))
    text, _ = unzip(
        sim,
        tmp_path,
        "echo old > a.txt; unzip -q /mnt/a.zip 2>&1; unzip -qn /mnt/a.zip; cat a.txt; unzip -qo /mnt/a.zip; cat a.txt",
    )
    assert text == "unzip: a.txt: already exists; -o overwrites, -n leaves it\nold\nnew\n"


def test_a_damaged_archive_is_told_from_a_good_one(sim, tmp_path):
    archive(tmp_path / "a.zip", ("a.txt", LONG))
    data = bytearray((tmp_path / "a.zip").read_bytes())
    data[2000] ^= 255
    (tmp_path / "bad.zip").write_bytes(data)
    (tmp_path / "none.zip").write_bytes(b"hello")
    text, _ = unzip(
        sim, tmp_path, "unzip -qt /mnt/a.zip; echo $?; unzip -qo /mnt/bad.zip > /dev/null 2>&1; echo $?; ls a.txt 2>&1; unzip -q /mnt/none.zip 2>/dev/null; echo $?"
    )  # fmt: skip
    assert text == "0\n2\nls: a.txt: No such file or directory\n9\n"
