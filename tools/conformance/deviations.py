"""In what a value deviates from its shape: what botocore validates, and what it leaves to the services."""

import re
from decimal import Decimal

from botocore.model import Shape
from botocore.validate import ParamValidator

INDEX = re.compile(r"\[\d+\]")


def deviations_of(shape: Shape, value) -> list:
    """Types, required and unknown members and lower bounds by botocore; enums and upper bounds by this module."""
    report = ParamValidator().validate(value, shape)
    found = [line for line in report.generate_report().split("\n") if line] if report.has_errors() else []
    found += others_in(shape, value, "")
    # What is wrong with every item of a list, or with the same member of every answer, is one deviation.
    return sorted({INDEX.sub("[]", text) for text in found})


def others_in(shape: Shape, value, path: str):
    kind = shape.type_name
    if kind == "structure" and isinstance(value, dict) and not shape.is_document_type:
        for member, inner in value.items():
            if member in shape.members:
                yield from others_in(shape.members[member], inner, f"{path}.{member}")
    elif kind == "map" and isinstance(value, dict):
        yield from above(shape, len(value), path)
        for key, inner in value.items():
            yield from others_in(shape.key, key, f"{path}.(key)")
            yield from others_in(shape.value, inner, f"{path}.{key}")
    elif kind == "list" and isinstance(value, list):
        yield from above(shape, len(value), path)
        for index, inner in enumerate(value):
            yield from others_in(shape.member, inner, f"{path}[{index}]")
    elif kind == "string" and isinstance(value, str):
        yield from above(shape, len(value), path)
        if shape.enum and value not in shape.enum:
            yield f"{path}: {value!r} is none of {shape.enum}"
    elif isinstance(value, bool) and kind != "boolean":
        yield f"{path}: a flag is no {kind}"
    elif isinstance(value, (int, float, Decimal)):
        yield from above(shape, value, path)


def above(shape: Shape, size, path: str):
    if "max" in shape.metadata and size > shape.metadata["max"]:
        yield f"{path}: {size} is above {shape.metadata['max']}"
