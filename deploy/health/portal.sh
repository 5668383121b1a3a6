# 200 when all that its answers need is there: brokers, what is served, the database.
exec 3<>"/dev/tcp/127.0.0.1/${PORT:?}" || exit 1
printf 'GET /api/naap/v1/health/ready HTTP/1.0\r\nHost: localhost\r\n\r\n' >&3
timeout 4 head -n 1 <&3 | grep -q ' 200 '
