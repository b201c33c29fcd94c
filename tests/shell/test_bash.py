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
]  # fmt: skip


@parametrize(CASES)
def test_bash(sim, case):
    assert outcome(sim, CASES, case) == (case.stdout, case.status)
