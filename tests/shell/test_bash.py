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
]  # fmt: skip


@parametrize(CASES)
def test_bash(sim, case):
    assert outcome(sim, CASES, case) == (case.stdout, case.status)
