# What scripts are made of: settings, tests, loops, functions and substitutions.
name=$(hostname)
log=/var/log/sample.log
count=0
if [ -f /etc/system.conf ]; then
    echo "configuration found on $name"
elif [ -d /local ]; then
    echo "no configuration, but /local" >&2
else
    echo "nothing" >&2
    exit 1
fi

say() {
    level=$1
    shift
    echo "$(date +%H:%M:%S) [$level] $*" >> "$log"
}

usage() {
    cat <<END
usage: $0 [-v] [-n COUNT] NAME...
  -v  say what is done
  -n  so many times
END
    exit 2
}

while getopts vn: option; do
    case $option in
        v) verbose=1 ;;
        n) count=$OPTARG ;;
        *) usage ;;
    esac
done
shift $((OPTIND - 1))
[ $# -gt 0 ] || usage

for item in "$@"; do
    file="/tmp/${item##*/}.txt"
    i=0
    while [ $i -lt $count ]; do
        echo "$item: ${i} of ${count}" >> $file
        i=$((i + 1))
    done
    if grep -q "$item" $file && [ -s $file ]; then
        say info "wrote $file" "($(wc -l < $file) lines)"
    else
        say error "cannot write $file"
        continue
    fi
    sort -n "$file" | head -n 5 | while read -r line; do
        [ -n "$verbose" ] && printf '%s\n' "${line:-none}"
    done
done

led on
sleep 0.1
led off
ls -l /tmp | wc -l
rm -f /tmp/*.txt
unset count name
export PATH="/bin:/opt" TZ=UTC
trap 'rm -f /tmp/lock; exit 130' INT TERM
ps > /tmp/processes 2>&1 &
wait
exit 0
