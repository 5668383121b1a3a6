# Its main branch, for which it has to ask its database.
exec 3<>/dev/tcp/127.0.0.1/19120 || exit 1
printf 'GET /api/v2/trees/main HTTP/1.0\r\nHost: nessie\r\n\r\n' >&3
timeout 4 head -n 1 <&3 | grep -q ' 200 '
