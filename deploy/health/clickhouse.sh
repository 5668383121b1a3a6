# A question, as who reads what is served.
printf 'user = "naap_reader:%s"\n' "$(cat /run/secrets/clickhouse_reader_password)" |
  curl -fsS -m 4 -o /dev/null -K - 'http://127.0.0.1:8123/?query=SELECT+1'
