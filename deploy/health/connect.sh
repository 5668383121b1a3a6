# 200 once the worker is in its group and has read its topics. How the connectors do is looked at by the portal.
exec 3<>/dev/tcp/127.0.0.1/8083 || exit 1
printf 'GET /health HTTP/1.0\r\nHost: connect\r\n\r\n' >&3
timeout 4 head -n 1 <&3 | grep -q ' 200 '
