# 200 as long as it is alive (`naap gate --port`, `naap scrape --port`).
exec 3<>/dev/tcp/127.0.0.1/9180 || exit 1
printf 'GET /healthz HTTP/1.0\r\nHost: naap\r\n\r\n' >&3
timeout 4 head -n 1 <&3 | grep -q ' 200 '
