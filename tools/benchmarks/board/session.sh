pwd
echo hello
ls /
ls -l /etc
cat /etc/motd
uname -a
free
df
ps
date
uptime
hostname
whoami
id
mkdir /tmp/s
cd /tmp/s
seq 20 > numbers
wc numbers
head -n 3 numbers
tail -n 3 numbers
sort -r numbers | head -n 2
grep 1 numbers
grep -c 1 numbers
sed 's/1/one/' numbers | head -n 3
awk '{ s += $1 } END { print s }' numbers
cut -c1 numbers | sort | uniq -c
tr 0-9 a-j < numbers | tail -n 1
paste numbers numbers | head -n 2
for i in 1 2 3; do echo "line $i"; done
i=0; while [ $i -lt 10 ]; do i=$((i + 1)); done; echo $i
f() { echo "f got $1"; }; f this
case abc in a*) echo begins with a;; *) echo no;; esac
if test -f numbers; then echo is there; fi
echo $((6 * 7))
echo "$(cat numbers | wc -l)"
x=text; echo ${x#te} ${x%xt} ${#x} ${x:-none}
printf '%5d|%-5s|%x\n' 42 abc 255
export GREETING=hi; printenv GREETING
env | sort | head -n 3
alias ll='ls -l'; ll numbers
history | tail -n 2
type cd; type ls
which ls
cp numbers copy; cmp numbers copy && echo same
mv copy moved; ls
seq 3 | tee third; ls
stat numbers
file numbers
du /tmp/s
touch empty; test -s empty || echo empty
rm empty; ls
chmod -v 644 numbers
find /tmp/s
find / -name '*.sh'
find /etc -type d
tree /tmp
basename /etc/boards/pico.board .board
dirname /etc/boards/pico.board
realpath ../s/numbers
readlink -f numbers
diff numbers moved && echo equal
sed -i 's/5/five/' moved; diff numbers moved
sort numbers > sorted; comm -12 sorted sorted | head -n 2
join sorted sorted | head -n 2
cksum numbers
md5sum numbers
sha1sum numbers
sha256sum numbers
crc32 numbers
base64 numbers | head -n 1
echo aGVsbG8= | base64 -d; echo
hexdump numbers | head -n 2
od -c numbers | head -n 2
xxd numbers | head -n 2
strings numbers | head -n 2
rev numbers | tail -n 1
tac numbers | head -n 2
nl numbers | head -n 2
fold -w 10 /etc/motd
fold -s -w 40 /etc/motd
expand numbers | head -n 1
unexpand numbers | head -n 1
column numbers
split -l 5 numbers part-; ls part-*
rm part-*
tar cf all.tar numbers moved; tar tf all.tar
gzip -k numbers; ls -l numbers.gz
zcat numbers.gz | wc -l
gunzip -c numbers.gz | head -n 1
rm numbers.gz all.tar
dd if=numbers of=block bs=16 count=1
tee second < numbers | tail -n 1
xargs echo < numbers
echo a b c | xargs -n 1 echo
seq 5 | shuf | sort -n
shuf -i 1-5 | wc -l
echo text | base32
fuser /etc/motd
expr 3 + 4
echo '{"a": [1, 2, {"b": 3}]}' > data.json
jq .a data.json
jq '.a[2].b' data.json
jq -r 'keys[]' data.json
echo '1 2' | awk '{ print $2, $1 }'
awk -F: '{ print $1 }' /etc/profile | head -n 2
awk 'BEGIN { for (i = 0; i < 5; i++) printf "%d ", i * i; print "" }'
awk '{ n[$1 % 3]++ } END { for (k in n) print k, n[k] }' numbers | sort
sed -n '2,4p' numbers
sed '/1/d' numbers | wc -l
grep -v 1 numbers | wc -l
grep -n '^1.$' numbers | head -n 2
egrep '(2|3)$' numbers | wc -l
fgrep 15 numbers
sort -n -k1 numbers | uniq | wc -l
true && echo yes
false || echo no
! false; echo $?
nonsense
echo $?
ls /nowhere
cat missing
(cd /etc; pwd); pwd
{ echo one; echo two; } | wc -l
echo out > file 2>&1; cat file
echo more >> file; wc -l file
cat <<< 'a here string'
cat < file | tr a-z A-Z
read line < file; echo "$line"
set -- a b c; echo $# $2; shift; echo $1
for w in *; do echo -n "$w "; done; echo
echo {a,b}{1,2} ~ *.json
echo 'single $x' "double $x" back\ slash
eval 'echo evaluated $x'
until [ $i -le 7 ]; do i=$((i - 1)); done; echo $i
[ 3 -gt 2 ] && [ abc = abc ] && echo tests
test abc \< abd || echo greater
local_test() { local y=in; echo $y; }; y=out; local_test; echo $y
trap 'echo trapped' EXIT; trap - EXIT
time true
sleep 0.2 & wait; echo waited
sleep 5 & kill %1; wait
jobs
echo 'echo from script $1' > script.sh; sh script.sh argument
. ./script.sh
sh -c 'echo inner $0 $1' zero one
echo 'i=0; while [ $i -lt 100 ]; do i=$((i + 1)); done; echo $i' > loop.sh; sh loop.sh
echo 'def __main__(args): print("python", 6 * 7)' > hello.py; ./hello.py
> x = 6 * 7
< x
< os.listdir('/')[0]
> import gc; gc.collect()
if 3 > 2 echo bigger
export -i count 5; echo $count
echo 5 > 0; echo $0
unset 0
help | head -n 3
help ls
man cat | head -n 3
apropos file | head -n 3
dmesg | tail -n 2
mount
lsmod
lshw | head -n 5
gpio
sensors
rtc
cpufreq
reset-cause
i2cscan
service
service list
users
wifi list
ifconfig
netstat
crontab -l
logger a message
nproc
tty
umask
times | head -n 1
getopts ab o -a; echo $o
command -v cat
hash | head -n 1
readonly R=1; echo $R
pgrep sh | head -n 1
pidof sh | wc -l
timeout 1 sleep 3; echo $?
nohup ls
nice true
yes | head -n 2
truncate -s 10 block; wc -c block
mktemp | wc -l
lsof
sync
wait
test -d /tmp/s && cd / && pwd
rm -r /tmp/s
ls /tmp
echo * | wc -w
find /etc -name '*.board' | wc -l
ls -la /
cat /etc/init.sh | wc -l
free
echo bye
