# That it started it says before it knows its nodes and catalogs: once after each start the lake has to answer a query, which goes to
# its catalog. From then on the cheap question is enough.
exec 2>/dev/null
server=http://127.0.0.1:8080
ask() { curl -fsS -m 4 -H 'X-Trino-User: health' "$@"; }
ask $server/v1/info | grep -q '"starting":false' || exit 1
[ -f /tmp/ready ] && exit 0
if ask $server/v1/info | grep -q '"coordinator":true'; then
  answer=$(ask --data 'show schemas from lake' $server/v1/statement) || exit 1
  until grep -q '"information_schema"' <<<"$answer"; do
    next=$(grep -o '"nextUri":"[^"]*"' <<<"$answer" | cut -d '"' -f 4)
    answer=$(ask "${next:?}") || exit 1
  done
fi
touch /tmp/ready
