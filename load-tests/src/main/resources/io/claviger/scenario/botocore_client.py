"""Fetches container credentials with botocore's own provider: a JSON line in, a JSON line out."""

import json
import sys
import threading
import time

from botocore.credentials import ContainerProvider

output = threading.Lock()


def fetch(request):
    started = time.monotonic()
    answer = {"n": request["n"]}
    try:
        provider = ContainerProvider(
            environ={
                "AWS_CONTAINER_CREDENTIALS_FULL_URI": request["uri"],
                "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": request["tokenFile"],
            }
        )
        credentials = provider.load().get_frozen_credentials()
        answer["accessKeyId"] = credentials.access_key
        answer["secretAccessKey"] = credentials.secret_key
        answer["sessionToken"] = credentials.token
        answer["accountId"] = getattr(credentials, "account_id", None)
    except Exception as error:
        answer["error"] = f"{type(error).__name__}: {error}"
    answer["millis"] = int((time.monotonic() - started) * 1000)
    with output:
        print(json.dumps(answer), flush=True)


print("ready", flush=True)
for line in sys.stdin:
    threading.Thread(target=fetch, args=(json.loads(line),), daemon=True).start()
