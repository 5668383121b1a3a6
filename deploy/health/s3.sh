# The list of buckets, signed: it answers and knows the keys.
key="$(cat /run/secrets/s3_access_key):$(cat /run/secrets/s3_secret_key)"
nothing=$(sha256sum </dev/null | cut -c1-64)
curl -fsS -m 4 -o /dev/null -u "$key" --aws-sigv4 aws:amz:us-east-1:s3 -H "x-amz-content-sha256: $nothing" http://127.0.0.1:9000/
