# get_all_databases, in Thrift's binary protocol: it has to ask its database. Success is field 0, a list; else an exception.
exec 3<>/dev/tcp/127.0.0.1/9083 || exit 1
printf '\x80\x01\x00\x01\x00\x00\x00\x11get_all_databases\x00\x00\x00\x01\x00' >&3
[ "$(timeout 4 head -c 32 <&3 | tail -c 3 | od -An -tx1 | tr -d ' \n')" = 0f0000 ]
