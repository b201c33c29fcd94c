# A day of a board: all services, a client of each, cron and a script. usage: soak.sh OFFSET HOURS
# Everything runs on the board itself, since its time is skipped where it would wait (docs/simulator.md, time.skip).
cd /tmp
echo '{"login_ms": 20}' > /etc/system.conf
loadconfig > /dev/null
setauth root geheim geheim > /dev/null
for service in crond httpd ftpd telnetd; do service start $service > /dev/null; done

cat > page.sh <<'end'
curl -sSf -u root:geheim http://127.0.0.1:$1/api/status > page && curl -sSf -u root:geheim http://127.0.0.1:$1/fs/etc/ > page
end
cat > visit.sh <<'end'
printf 'root\ngeheim\nls /etc | wc -l; x=$((6 * 7)); echo answer $x; exit\n' | nc -q 20 127.0.0.1 $1 > visit
grep -q 'answer 42' visit
end
cat > copy.sh <<'end'
ftp -u root:geheim -p $1 -c "put /etc/motd kept; size kept; get kept got; rm kept" 127.0.0.1 > copy && cmp got /etc/motd
end
cat > counted.sh <<'end'
cd /tmp
name=$1
shift
if "$@" 2> $name.err; then kind=done; else kind=failed; cat $name.err >> failures; fi
test -s $name.$kind && read n < $name.$kind || n=0
echo $((n + 1)) > $name.$kind
end
cat > table <<end
@every 10s date > /tmp/cron
* * * * * sh /tmp/counted.sh http sh /tmp/page.sh $((80 + $1))
*/5 * * * * sh /tmp/counted.sh telnet sh /tmp/visit.sh $((23 + $1))
*/7 * * * * sh /tmp/counted.sh ftp sh /tmp/copy.sh $((21 + $1))
end
crontab table
while true; do
  find /etc | sort | head -n 5 > script
  seq 20 | awk '{ sum += $1 } END { print sum }' > script
  sed -n 's/a/b/p' /etc/motd > script
  sleep 30
done &
hour=0
while test $hour -lt $2; do
  /mnt/bench/soak 3600
  hour=$((hour + 1))
done
kill $!
for name in http telnet ftp; do
  for kind in done failed; do
    test -s $name.$kind && read n < $name.$kind || n=0
    echo @ $name $kind $n
  done
done
test -s failures && sort -u failures | head -n 3
dmesg -l warning
