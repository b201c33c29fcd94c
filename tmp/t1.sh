f() { echo "in f $1 $#"; return 3; }
f a b; echo "st $?"
a=0
:cont
incr a
if $a <= 5 goto cont
echo $a
export var1 5
if $var1 != 5 skip 3
< 1
< 2
< 3
< 4
< 5
decr var1
if $var1 == 4 echo four
if $var1 == 3 return
> x=[i for i in range(3)]
< x
< "a", end=""
< "b"
echo ${x:-def} ${nope:-def $a} "${nope:-q r}" ${#var1} $#
i=0; while [ $i -lt 3 ]; do i=$((i+1)); echo n$i; done
case abc in x) echo no;; a*) echo yes;; esac
(cd /tmp; pwd; exit 4); echo "sub $?"; pwd
{ echo a; echo b; } | while read l; do echo "got $l"; done
! true; echo $?
true && echo and || echo or
false && echo and || echo or
echo "multi
line"
cat <<X
hello $a
X
test -p foo > 0
< utls.getenv("nothing")
echo $0
unset 0
echo /e*
echo 'single $x' "dq \$x \"q\"" esc\ aped
for i in "$@"; do echo "<$i>"; done
echo done > /tmp/out.txt; echo more >> /tmp/out.txt; while read a; do echo "r:$a"; done < /tmp/out.txt
