# Which versions of its protocol it speaks (ApiVersions, version 0): an answer with error 0. A tool of Kafka's would cost two
# seconds of processor time for every look.
exec 3<>/dev/tcp/127.0.0.1/9092 || exit 1
printf '\x00\x00\x00\x0a\x00\x12\x00\x00\x00\x00\x00\x07\xff\xff' >&3
# After the length: correlation id 7, error 0.
[ "$(timeout 4 head -c 10 <&3 | tail -c 6 | od -An -tx1 | tr -d ' \n')" = 000000070000 ]
