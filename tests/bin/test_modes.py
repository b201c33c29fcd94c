"""Modes and times of files, which littlefs does not store: chmod, touch, and the programs that show and copy them."""

from cases import Case, outcome, parametrize

FORM = "'/^total/d; s/ [A-Z][a-z][a-z] [ 0-9]* [0-9:]* / DATE /'"

CASES = [
    Case("ls-columns", f"echo hello > f; mkdir d; : > p.py; ls -l | sed {FORM}; ls -l | head -1", "",
         "drwxr-xr-x 1 root root 0 DATE d\n-rw-r--r-- 1 root root 6 DATE f\n-rwxr-xr-x 1 root root 0 DATE p.py\ntotal 1\n"),
    Case("ls-owner-and-group", f"echo > f; ls -n f | sed {FORM}; ls -g f | sed {FORM}; ls -o f | sed {FORM}", "",
         "-rw-r--r-- 1 0 0 1 DATE f\n-rw-r--r-- 1 root 1 DATE f\n-rw-r--r-- 1 root 1 DATE f\n"),
    Case("ls-marks-programs-by-their-mode", "mkdir d; : > p.py; : > x; : > y; chmod +x x; chmod -x p.py; ls -F; cd d; ls -F ../x", "", "d/\np.py\nx*\ny\n../x*\n"),
    Case("ls-inodes", ">a; >b; ls -i | awk '{n[$1]} END {print length(n), NF, $2}'; test $(stat -c %i a) = $(ls -i a | cut -c-10) && echo same",
         "", "2 2 b\nsame\n"),
    Case("ls-dates", "touch -d '2020-01-02 03:04' f; ls -l f | awk '{print $6, $7, $8}'; touch f; ls -l f | grep -c ' [0-9][0-9]:[0-9][0-9] f$'", "",
         "Jan 2 2020\n1\n"),
    Case("ls-upyos", "echo 12345 > p.py; mkdir d; ls -l --upyos | cut -c -11; ls -lk --upyos | wc -l", "",
         "drw-      -\n rwx      6\nTotal .: 6 \n2\n"),
    Case("ls-status", "ls nosuch 2> /dev/null; echo $?", "", "2\n"),
    Case("chmod-and-run", "echo 'echo ran $1' > f; chmod +x f && ./f 5; test -x f; echo $?; chmod a-x f; test -x f; echo $?", "",
         "ran 5\n0\n1\n"),
    Case("chmod-modes", ">f; for m in 600 u+x,go+r a= u=rw,go=u-w 4755 +t o-rwx; do chmod $m f; stat -c '%a %A' f; done", "",
         "600 -rw-------\n744 -rwxr--r--\n0 ----------\n644 -rw-r--r--\n4755 -rwsr-xr-x\n5755 -rwsr-xr-t\n5750 -rwsr-x--T\n"),
    Case("chmod-recursive", "mkdir -p d/e; >d/e/f; chmod -R u=rwX,go= d; stat -c %a d d/e d/e/f; chmod -v 600 d/e/f; chmod -c 644 d/e/f", "",
         "700\n700\n600\nmode of 'd/e/f' retained as 0600 (rw-------)\n"
         "mode of 'd/e/f' changed from 0600 (rw-------) to 0644 (rw-r--r--)\n"),
    Case("chmod-refuses", "chmod zz f 2>&1 | head -1; chmod 999 f 2>&1 | head -1; chmod 644 nosuch; chmod 644 2>&1 | head -1; chmod -f 1 nosuch", "",
         "chmod: zz: invalid mode\nchmod: 999: invalid mode\nchmod: missing operand\n", 1),
    Case("modes-go-with-files", "echo hi > f; chmod 711 f; cp f g; mv f h; mkdir d; mv g h d; mv d e; stat -c '%a %n' e/g e/h", "",
         "711 e/g\n711 e/h\n"),
    Case("modes-end-with-files", "echo hi > f; chmod 711 f; rm f; echo ho > f; stat -c %a f", "", "644\n"),
    Case("modes-survive-changes", "echo hi > f; chmod 711 f; echo ho >> f; sed -i s/h/H/ f; stat -c %a f; chmod 644 f; grep -c /case/ /var/attributes", "",
         "711\n0\n", 1),
    Case("tar-keeps-modes", "echo hi > f; chmod 755 f; mkdir d; chmod 700 d; tar cf a.tar f d; rm -r f d; tar xf a.tar; stat -c %a f; tar tvf a.tar | cut -c-10",
         "", "755\n-rwxr-xr-x\ndrwx------\n"),
    Case("find-perm", ">a; >b; chmod u+x a; find . -type f -perm -u+x; find . -type f -perm 644; find . -perm /111 -type f -printf '%m %M\\n'", "",
         "./a\n./b\n744 -rwxr--r--\n"),
    Case("touch-times", "touch -t 202001020304.05 f; touch -r f g; touch -d @0 h; stat -c '%Y %n' f g h; test f -nt h && find . -newer h | sort", "",
         "1577934245 f\n1577934245 g\n0 h\n./f\n./g\n"),
    Case("touched-time-ends-with-a-write", "touch -d 2020-01-01 f; echo >> f; ls -l f | grep -c 2020; date -r f +%Y | grep -c 2020", "", "0\n0\n", 1),
    Case("copy-of-a-time", "echo > f; touch -d 2020-01-01 f; cp -p f g; cp f h; date -r g +%Y; date -r h +%Y | grep -c 2020; tar cf a.tar f; tar tvf a.tar | awk '{print $4}'",
         "", "2020\n0\n2020-01-01\n"),
    Case("touch-refuses", "touch -d nonsense f; touch -t 99 f; touch -r nosuch f; ls", "", "", 0),
    Case("modes-have-a-limit", "for i in $(seq 101); do >f$i; done; chmod 711 f* 2>&1 | sed 's/.*: //'; chmod 644 f*; chmod 711 f101; stat -c %a f100 f101", "",
         "more than 100 files with modes or times of their own\n644\n711\n"),
]  # fmt: skip


@parametrize(CASES)
def test_case(sim, case):
    assert outcome(sim, CASES, case) == (case.stdout, case.status)


def test_modes_survive_a_restart(sim, tmp_path):
    sim("echo hi > /home/f; chmod 711 /home/f; touch -d 2020-01-01 /home/f")
    result = sim("ls -l /home/f; echo ho > /home/g; mv /home/g /home/f; ls -l /home/f | cut -c-10")
    assert result.stdout == "-rwx--x--x 1 root root 3 Jan  1  2020 /home/f\n-rw-r--r--\n"
