import base64
import sys

from webhook import verify

names = ["webhook-id", "webhook-timestamp", "webhook-signature"]
for line in sys.stdin:
    secret, *headers, body, now = [None if field == "-" else base64.b64decode(field) for field in line.split()]
    given = {name: value.decode() for name, value in zip(names, headers) if value is not None}
    print("true" if verify(secret.decode(), given, body, int(now)) else "false")
