"""What scripts for bash use beyond POSIX: each case prints here what bash 5.2 prints."""

from cases import Case, outcome, parametrize

CASES = [
    Case('printf -v', 'printf -v x \'%s-%d\' a 5; echo "$x"; printf -v \'a[2]\' hi; echo "${a[2]}"', stdout='a-5\nhi\n'),
    Case('declare -A with values', 'declare -A m=([a]=1 [b]="2 3"); echo "${m[a]} ${m[b]}"', stdout='1 2 3\n'),
    Case('local arrays', 'f() { local a=(x "y z"); echo "${#a[@]} ${a[1]}"; a+=(q); echo ${#a[@]}; }; a=1; f; echo $a', stdout='2 y z\n3\n1\n'),
    Case('attributes', 'declare -i n=3+4; n+=1; echo $n; declare -u s=abc; echo $s; s=def; echo $s', stdout='8\nABC\nDEF\n'),
    Case('letters of values', 's=hello; t=WORLD; echo ${s^^} ${t,,} ${s^} ${t,} ${s^^[el]} ${s~~} ${t~}', stdout='HELLO world Hello wORLD hELLo HELLO wORLD\n'),
    Case('quoted values', 'x="a b\'c"; echo ${x@Q} ${x@U} ${x@u} ${x@L}; y=\'a\\nb\'; echo "${y@E}"; a=(1 \'b c\'); echo "${a[@]@Q}"; declare -r z=3; echo ${z@a} ${z@A}', stdout="'a b'\\''c' A B'C A b'c a b'c\na\nb\n'1' 'b c'\nr declare -r z='3'\n"),
    Case('a slash as pattern', 'p=a/b/c; echo ${p////-} ${p//\\//_} ${p/#a/X} ${p/%c/Y} ${p//[ab]/} ${p/b}', stdout='a-b-c a_b_c X/b/c a/b/Y //c a//c\n'),
    Case('subscripts in a list', 'a=([3]=x [1]=y z); echo "${!a[@]}" "${a[@]}"; declare -p a', stdout='1 2 3 y z x\ndeclare -a a=([1]="y" [2]="z" [3]="x")\n'),
    Case('declare -p', 'declare -p PATH > /dev/null && echo ok; x=5; declare -p x; declare -A m=([k]=v); declare -p m; declare -x e=1; declare -p e; declare -ir n=4; declare -p n', stdout='ok\ndeclare -- x="5"\ndeclare -A m=([k]="v" )\ndeclare -x e="1"\ndeclare -ir n="4"\n'),
    Case('a reference', 'declare -n ref=target; target=5; echo $ref; ref=6; echo $target; echo ${!ref}', stdout='5\n6\ntarget\n'),
    Case('a local reference', 'f() { local -n r=$1; r=changed; r2=1; }; v=old; f v; echo $v', stdout='changed\n'),
    Case('values as assignments', 'x=\'$(echo hi)\'; echo "${x@P}"; PS4=\'+ \'; y=1; echo ${y@A}; a=(x y); echo ${a[@]@A} ${a[@]@K}; declare -A m=([k]=v); echo ${m[@]@K} ${m[@]@k}', stdout='hi\ny=\'1\'\ndeclare -a a=([0]="x" [1]="y") 0 "x" 1 "y"\nk "v" k v\n'),
    Case('process substitution', 'cat <(echo a) <(echo b); diff <(echo 1) <(echo 1) && echo same', stdout='a\nb\nsame\n'),
    Case('output to commands', 'echo hi > >(cat); sleep .2; echo a b | tee >(tr a x > f) > /dev/null; sleep .3; cat f', stdout='hi\nx b\n'),
    Case('a loop over commands', 'while read l; do echo "<$l>"; x=$l; done < <(printf \'a\\nb\\n\'); echo $x', stdout='<a>\n<b>\nb\n'),
    Case('regular expressions', '[[ abc123 =~ ^([a-z]+)([0-9]+)$ ]] && echo ${BASH_REMATCH[0]} ${BASH_REMATCH[1]} ${BASH_REMATCH[2]} ${#BASH_REMATCH[@]}; [[ x =~ y ]]; echo $?', stdout='abc123 abc 123 3\n1\n'),
    Case('kinds of expressions', 're=\'^a.b$\'; [[ axb =~ $re ]] && echo 1; [[ "a.b" =~ a"."b ]] && echo 2; [[ axb =~ a"."b ]] || echo 3; [[ foo =~ (foo|bar) && 1 = 1 ]] && echo 4; [[ \'a b\' =~ a\\ b ]] && echo 5; [[ aab =~ ^a{2}b$ ]] && echo 6; [[ a =~ [[:alpha:]] ]] && echo 7', stdout='1\n2\n3\n4\n5\n6\n7\n'),
    Case('mapfile', 'mapfile -t a < <(printf \'a\\nb c\\nd\\n\'); echo ${#a[@]} "${a[1]}"; readarray b <<< "x"; printf \'%q\\n\' "${b[0]}"; printf \'1\\n2\\n3\\n4\\n\' > f; mapfile -t -n 2 -s 1 c < f; echo ${c[@]}; mapfile -d : -t d <<< a:b; echo "${d[1]}"; mapfile -t -O 2 c < f; echo "${c[@]}"; mapfile < f; echo "${#MAPFILE[@]}"', stdout="3 b c\n$'x\\n'\n2 3\nb\n\n2 3 1 2 3 4\n4\n"),
    Case('functions shown with these', 'f() { while read -r a; do echo "$a"; done < <(echo x; echo y); [[ $1 =~ ^(a|b)+$ ]] && cat <(echo "${BASH_REMATCH[1]}"); }; eval "$(declare -f f)"; f aab; eval "$(declare -f f)"; f b', stdout='x\ny\nb\nx\ny\nb\n'),
    Case('words that are files', 'x=$(cat <(echo in)); echo $x; f() { cat "$1" "$2"; }; f <(echo 1) <(echo 2); ls /tmp/.fd* 2>/dev/null | wc -l; for i in 1 2; do paste <(printf \'1\\n2\\n\') <(printf \'a\\nb\\n\'); done', stdout='in\n1\n2\n0\n1\ta\n2\tb\n1\ta\n2\tb\n'),
    Case('redirections to commands', "{ echo out; echo err >&2; } 2> >(sed 's/^/E:/' > f); sleep .3; cat f; exec 3< <(echo q); read y <&3; echo $y", stdout='out\nE:err\nq\n'),
    Case('groups of expressions', 's=\'key = value\'; if [[ $s =~ ^[[:space:]]*([^=[:space:]]+)[[:space:]]*=[[:space:]]*(.*)$ ]]; then echo "${BASH_REMATCH[1]}:${BASH_REMATCH[2]}"; fi; [[ 1.2.3 =~ ^([0-9]+)\\.([0-9]+)(\\.([0-9]+))?$ ]] && echo "${BASH_REMATCH[@]}"; [[ ! x =~ ^$ ]] && echo n; [[ (a =~ b) || c =~ "c" ]] && echo y; [[ a$ =~ a\\$ ]] && echo d; [[ $s =~ \' = \' ]] && echo s', stdout='key:value\n1.2.3 1 2 .3 3\nn\ny\nd\ns\n'),
    Case('nullglob', 'shopt -s nullglob; echo x*; shopt -u nullglob; echo x*', stdout='\nx*\n'),
    Case('globstar and dotglob', 'mkdir -p a/b/c; touch a/1.t a/b/2.t a/b/c/3.t .h; shopt -s globstar; echo **/*.t; echo **; shopt -s dotglob; echo *; echo **/', stdout='a/1.t a/b/2.t a/b/c/3.t\na a/1.t a/b a/b/2.t a/b/c a/b/c/3.t\n.h a\na/ a/b/ a/b/c/\n'),
    Case('nocaseglob and nocasematch', 'shopt -s nocaseglob nocasematch; touch Abc; echo a*; case ABC in abc) echo y;; esac; [[ A = a ]] && echo z', stdout='Abc\ny\nz\n'),
    Case('shopt', 'shopt nullglob; shopt -q nullglob; echo $?; shopt -s nullglob; shopt nullglob; shopt -p nullglob', stdout='nullglob       \toff\n1\nnullglob       \ton\nshopt -s nullglob\n'),
    Case('select', 'select x in "a b" c; do echo "got $x"; [ -z "$x" ] || break; done <<E\n9\n\n1\nE', stdout='got \ngot a b\n'),
    Case('times in printf', "TZ=UTC printf '%(%F %T)T\\n' 0; printf '%(%Y)T\\n' 86400; printf '%(%s)T\\n' 5; printf '[%10(%F)T]\\n' 0", stdout='1970-01-01 00:00:00\n1970\n5\n[1970-01-01]\n'),
    Case('rounding', "printf '%.0f %.0f %.0f %.0f %.1f\\n' 0.5 1.5 2.5 3.5 0.25; printf '%#g %#x %#o %#X\\n' 1 255 8 255; printf '%+d % d %05d %-5d|\\n' 1 2 3 4", stdout='0 2 2 4 0.2\n1.00000 0xff 010 0XFF\n+1  2 00003 4    |\n'),
    Case('digits', "printf '%.1f %.2f %.0f %.1f %.3f %.2f\\n' 0.05 2.5 -0.5 -1.25 1.0625 0.125; printf '%#g %#.3g %#e %g\\n' 0.5 100 1 100000; printf '%.2f %.0f\\n' 1e7 12345678.5", stdout='0.1 2.50 -0 -1.2 1.062 0.12\n0.500000 100. 1.000000e+00 100000\n10000000.00 12345678\n'),
    Case('extended patterns', 'shopt -s extglob\nx=file.tar.gz; echo ${x%.@(tar.gz|zip)} ${x%%+([a-z.])} ${x##!(*.*)} ; y="  trim me  "; y=${y##+([[:space:]])}; y=${y%%+([[:space:]])}; echo "[$y]"; touch a1 a22 b1; echo a+([0-9]); echo !(a*); echo ?(a|b)1; [[ abab == +(ab) ]] && echo 1; [[ ab == !(ab) ]] || echo 2; p=\'@(x|y)\'; [[ y == $p ]] && echo 3; [[ y == "$p" ]] || echo 4; case foo.jpg in *.@(jpg|png)) echo img;; esac; echo ${x/+([a-z])/Q} ${x//@(a|e)/_}; echo "a(b" \'f(x)\' \\(; if ! (false); then echo neg; fi', stdout='file .tar.gz\n[trim me]\na1 a22\nb1\na1 b1\n1\n2\n3\n4\nimg\nQ.tar.gz fil_.t_r.gz\na(b f(x) (\nneg\n'),
    Case('parentheses in quotes', 'shopt -s extglob\ncase "a(b)" in "a("*) echo 1;; esac; v="x(y)"; echo $v; for i in @(no|none) +(z); do echo $i; done; echo [a-c]\\(z', stdout='1\nx(y)\n@(no|none)\n+(z)\n[a-c](z\n'),
    Case('menus', 'select x in; do echo no; done; select y do echo "$y:$REPLY"; break; done <<< 9; PS3=; select z in p q; do case $z in q) echo q; break;; *) echo "? $REPLY";; esac; done < <(printf \'1\\nfoo\\n2\\n\'); f() { select a in 1 2; do echo $a; return; done; }; declare -f f > /dev/null; f <<< 2', stdout='? 1\n? foo\nq\n2\n'),
    Case('directories', 'mkdir -p d/e; cd d; pushd e > /dev/null; dirs -p | wc -l; popd > /dev/null; basename "$PWD"; popd 2>/dev/null; echo $?; pushd -n /tmp > /dev/null; echo ${#DIRSTACK[@]} ${DIRSTACK[1]}; dirs -c; echo ${#DIRSTACK[@]}', stdout='2\nd\n1\n2 /tmp\n1\n'),
    Case('places of the stack', 'mkdir e; pushd e > /dev/null; pushd /tmp > /dev/null; echo ${#DIRSTACK[@]}; pushd +1 > /dev/null; basename "$PWD"; pushd > /dev/null; pwd; popd +1 > /dev/null; echo ${#DIRSTACK[@]}; cd /; dirs -c; pushd /tmp; pushd /; popd; dirs -v; dirs +9 2> /dev/null; echo $?; pushd /none 2> /dev/null; echo $?', stdout='3\ne\n/tmp/case/d\n2\n/tmp /\n/ /tmp /\n/tmp /\n 0  /tmp\n 1  /\n1\n1\n'),
    Case('trap RETURN', "f() { trap 'echo ret' RETURN; echo in; return 3; }; f; echo $?; g() { echo g; }; g; set -T; trap 'echo RET' RETURN; g; trap - RETURN; g", stdout='in\nret\n3\ng\ng\nRET\ng\n'),
    Case('trap DEBUG', 'trap \'echo "<$BASH_COMMAND>"\' DEBUG; x=1; echo a b; g() { echo g; }; g; trap - DEBUG; echo end; trap \'echo d\' DEBUG; trap; trap - DEBUG; trap', stdout="<x=1>\n<echo a b>\na b\n<g>\ng\n<trap - DEBUG>\nend\nd\ntrap -- 'echo d' DEBUG\nd\n"),
    Case('traps in a subshell', "trap 'echo err' ERR; trap 'echo bye' EXIT; ( trap ); false; ( trap 'echo sub' EXIT )", stdout="trap -- 'echo bye' EXIT\ntrap -- 'echo err' ERR\nerr\nsub\nbye\n"),
    Case('variables that count', 'SECONDS=100; echo $SECONDS; RANDOM=5; a=$RANDOM; RANDOM=5; [ $a = $RANDOM ] && echo same; [ $RANDOM = $RANDOM ] || echo other; case $EPOCHREALTIME in $EPOCHSECONDS.??????) echo time; esac; [ $SRANDOM != $SRANDOM ] && echo random', stdout='100\nsame\nother\ntime\nrandom\n'),
    Case('variables that tell', '[ -n "$HOSTNAME" ] && echo h; echo $UID $EUID ${GROUPS[0]}; f() { echo ${FUNCNAME[0]}; g; }; g() { echo ${FUNCNAME[*]:0:2}; }; f; n=$BASH_SUBSHELL; (echo $((BASH_SUBSHELL-n)); (echo $((BASH_SUBSHELL-n)))); UIDS=1; echo $UIDS ${HOSTS-none}', stdout='h\n0 0 0\nf\ng f\n1\n2\n1 none\n'),
    Case('options that are on', 'set -o noglob; case :$SHELLOPTS: in *:noglob:*) echo ng; esac; [ -o noglob ] && echo on; test -o nounset || echo off; set +o noglob; test -o noglob || echo off', stdout='ng\non\noff\noff\n'),
    Case('wait -p', '( sleep .1; exit 4 ) & p=$!; wait -n -p q; echo $?; [ $p = $q ] && echo p', stdout='4\np\n'),
    Case('two dashes', "eval -- echo hi; echo 'echo src $1' > s; source -- ./s; . -- ./s a", stdout='hi\nsrc\nsrc a\n'),
    Case('a descriptor onto itself', ": 3>&3; echo $?; test 0 -eq 0 -a '(' = ')'; echo $?; kill -9999 $$ 2> /dev/null; echo $?", stdout='0\n0\n1\n'),
    Case('a variable for exec', "( x=1 exec sh -c 'echo $x' ); x=2; echo $x", stdout='1\n2\n'),
    Case('refusals', "ulimit; enable -n foo 2> /dev/null; echo $?; enable | grep -x 'enable echo'; suspend 2> /dev/null || logout 2> /dev/null || echo none", stdout='unlimited\n1\nenable echo\nnone\n'),
    Case('options of the first line', "printf '#!/bin/sh -e\\nfalse\\necho no\\n' > e.sh; ./e.sh; echo $?; printf '#!/bin/sh -eu\\necho $x; echo no\\n' > u; ./u 2> /dev/null || echo stopped; printf '#!/usr/bin/env -S sh -e\\nfalse; echo no\\n' > v; ./v; echo $?; printf '#! /bin/bash -\\necho $#\\n' > w; ./w a b", stdout='1\nstopped\n1\n2\n'),
    Case('a Python script', 'printf \'#!/usr/bin/env python3\\nimport sys\\nprint("hi", sys.argv[1:], __name__)\\nsys.exit(3)\\n\' > p; ./p a \'b c\'; echo $?; echo x | ./p | cat', stdout="hi ['a', 'b c'] __main__\n3\nhi [] __main__\n"),
    Case('other interpreters', "printf '#!/usr/bin/env -S awk -f\\n{ print $2 }\\n' > a; echo 1 2 | ./a; printf '#!/no/such\\n' > n; ./n 2> /dev/null; echo $?; printf '#!/bin/cat\\ntext\\n' > c; ./c", stdout='2\n127\n#!/bin/cat\ntext\n'),
    Case('bash as a command', "echo 'echo ${BASH_VERSION%%.*} $1 ${0##*/}' > f; bash f x; bash -c 'echo $((1 + 1))'; echo 'echo in' | bash; /bin/bash -c 'echo path $0' z; bash -ec 'false; echo no'; echo $?", stdout='5 x f\n2\nin\npath z\n1\n'),
]  # fmt: skip


@parametrize(CASES)
def test_bash(sim, case):
    # Each case asks for other modules of the shell, and a heap holds those of a few.
    assert outcome(sim, CASES, case, script_max=1500) == (case.stdout, case.status)
