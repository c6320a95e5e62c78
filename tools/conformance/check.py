"""Holds recorded exchanges against AWS's own model.

Reads on stdin what was expected (see check_recording.ts), and the recording, a folder of files with a line of JSON for
each exchange. Prints as JSON how much was checked, and what deviates: each kind of deviation once.
"""

import glob
import json
import re
import sys
from collections import Counter

from exchange import answer_deviations, protocol_of, request_deviations
from models import Models

UNKNOWN = re.compile(r'^Unknown parameter in .*?: "([^"]+)"')


def lines_of(folder: str):
    for path in sorted(glob.glob(f"{folder}/*.ndjson")):
        with open(path, encoding="utf-8") as file:
            yield from map(json.loads, file)


def missing_coverage(expected: dict, answered: set, sent: set, read: set, models: Models) -> list:
    """What nothing was seen of: a check that looks at nothing finds nothing."""
    missing = []
    for service, operations in expected["operations"].items():
        for operation in operations:
            name = f"{service}:{operation}"
            if (service, operation) not in answered:
                missing.append(f"{name}: the emulator was never seen to answer it")
            model = models.operation(service, operation)
            # Of S3 the emulator is told the path alone; a query string it refuses.
            shape = model.input_shape if protocol_of(model) != "rest-xml" else None
            ignored = expected["notHeeded"].get(name, [])
            for member in shape.members if shape else []:
                if not {(service, operation, member), (service, operation, "*")} & read and member not in ignored:
                    missing.append(f"{name}: no action reads {member}, and it is not refused either")
    for service, operations in expected["sent"].items():
        for operation in operations:
            if (service, operation) not in sent:
                missing.append(f"{service}:{operation}: the program was never seen to send it")
    return missing


def of_program(text: str, words: set) -> bool:
    """Whether it is the program that deviates: what AWS does not know may be what a user has written into a file."""
    unknown = UNKNOWN.search(text)
    return unknown is None or unknown[1] in words


def main() -> None:
    expected = json.load(sys.stdin)
    models = Models(expected["models"])
    found, requests, answers = Counter(), 0, 0
    answered, sent, read = set(), set(), set()
    words = set(expected["wordsOfProgram"])
    for line in lines_of(expected["recording"]):
        service, operation = line["service"], line["operation"]
        if operation not in expected["operations"].get(service, []):
            continue
        if "read" in line:
            read.add((service, operation, line["read"]))
            continue
        model = models.operation(service, operation, line["furtherMembers"])
        if line["request"].get("sender") == "program":
            requests += 1
            sent.add((service, operation))
            texts = request_deviations(model, line)
            found.update(f"{service}:{operation} request: {text}" for text in texts if of_program(text, words))
        answers += 1
        if line["answer"]["status"] == 200:
            answered.add((service, operation))
        found.update(f"{service}:{operation} answer: {text}" for text in answer_deviations(model, line))
    missing = missing_coverage(expected, answered, sent, read, models)
    deviations = [f"{text} ({count} times)" for text, count in sorted(found.items())] + missing
    seen = len(answered | sent)
    json.dump({"requests": requests, "answers": answers, "operations": seen, "deviations": deviations}, sys.stdout)


if __name__ == "__main__":
    main()
