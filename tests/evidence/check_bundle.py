"""A bundle read by nothing of ours: json, hashlib and the openssl program, from the text of the contract.

    check_bundle.py BUNDLE PUBLIC.pem     prints "whole N" or the first thing that is wrong
"""
import base64
import hashlib
import json
import subprocess
import sys
import tempfile

RECORD = ["seq", "prev", "utc", "mono_ns", "boot_id", "ntp", "evaluation", "camera", "kind", "request_id", "detail",
          "raw_sha256", "hash"]
CHECKPOINT = ["log_id", "seq", "head", "utc", "prev_checkpoint", "signature"]


def leaf(*parts):
    return hashlib.sha256(b"\0" + b"".join(parts)).digest()


def canonical(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def is_signed(text, signature, key):
    with tempfile.NamedTemporaryFile() as message, tempfile.NamedTemporaryFile() as mark:
        message.write(text)
        message.flush()
        mark.write(signature)
        mark.flush()
        return subprocess.run(["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", key, "-rawin", "-in", message.name,
                               "-sigfile", mark.name], capture_output=True).returncode == 0


def check(lines, key):
    head = sealed = leaf(lines[0])
    seq = 0
    for number, line in enumerate(lines[1:], 2):
        value = json.loads(line)
        order = CHECKPOINT if "log_id" in value else RECORD
        if list(value) != [name for name in order if name in value] or canonical(value) != line:
            return f"line {number} is not canonical"
        if "log_id" in value:
            signature = base64.b64decode(value.pop("signature"))
            if not is_signed(canonical(value), signature, key):
                return f"line {number} is not signed"
            if bytes.fromhex(value["head"]) != head or bytes.fromhex(value["prev_checkpoint"]) != sealed:
                return f"line {number} seals something else"
            sealed = leaf(line)
            continue
        digest = bytes.fromhex(value.pop("hash"))
        seq += 1
        if value["seq"] != seq or bytes.fromhex(value["prev"]) != head or list(value["detail"]) != sorted(value["detail"]):
            return f"line {number} does not follow"
        if leaf(head, canonical(value)) != digest:
            return f"line {number} has another hash"
        head = digest
    return f"whole {seq}"


with open(sys.argv[1], "rb") as bundle:
    print(check(bundle.read().splitlines(), sys.argv[2]))
