# By TCP, where the server of the very first start doesn't listen yet, as who needs it.
export PGCONNECT_TIMEOUT=4 PGPASSWORD
PGPASSWORD=$(cat /run/secrets/metastore_password)
[ "$(psql -h 127.0.0.1 -U metastore -d metastore -tAc 'select 1')" = 1 ]
