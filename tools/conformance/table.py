"""The table that the emulator checks by, made from AWS's own model.

Reads on stdin which operations are wanted: {"ecs": {"model": "ecs", "operations": ["UpdateService"]}}. Prints the
table of each service: its operations, and the shapes that they reach, without any text of the documentation.
"""

import json
import sys

from botocore.loaders import Loader

LIMITS = ("min", "max")


def shape_of(model: dict, name: str) -> dict:
    """One shape, as the table has it."""
    shape = model["shapes"][name]
    kind = shape["type"]
    limits = {limit: shape[limit] for limit in LIMITS if limit in shape}
    if kind == "structure":
        # A document is any JSON value; everything else has members with a shape of their own.
        if shape.get("document"):
            return {"type": "document"}
        members = {member: target["shape"] for member, target in shape.get("members", {}).items()}
        required = {"required": shape["required"]} if shape.get("required") else {}
        return {"type": kind, **required, "members": members}
    if kind == "list":
        return {"type": kind, "member": shape["member"]["shape"], **limits}
    if kind == "map":
        return {"type": kind, "key": shape["key"]["shape"], "value": shape["value"]["shape"], **limits}
    if kind == "string":
        pattern = {"pattern": shape["pattern"]} if "pattern" in shape else {}
        values = {"enum": shape["enum"]} if "enum" in shape else {}
        return {"type": kind, **values, **limits, **pattern}
    return {"type": kind, **limits}


def error_type(model: dict, name: str) -> str:
    """What an error is called on the wire: some have a code besides the name of their shape."""
    return model["shapes"][name].get("error", {}).get("code", name)


def targets(shape: dict) -> list:
    """The names of the shapes that a shape refers to."""
    return [*shape.get("members", {}).values(), *(shape[part] for part in ("member", "key", "value") if part in shape)]


def table_of(model: dict, operations: list) -> dict:
    """The operations, and all that their inputs and outputs are made of."""
    made, shapes = {}, {}
    waiting = []
    for name in sorted(operations):
        operation = model["operations"][name]
        ends = {end: operation[end]["shape"] for end in ("input", "output") if end in operation}
        errors = sorted(error_type(model, error["shape"]) for error in operation.get("errors", []))
        made[name] = {**ends, "errors": errors}
        waiting += ends.values()
    while waiting:
        name = waiting.pop()
        if name in shapes:
            continue
        shapes[name] = shape_of(model, name)
        waiting += targets(shapes[name])
    prefix = model["metadata"].get("targetPrefix")
    return {
        "apiVersion": model["metadata"]["apiVersion"],
        **({"targetPrefix": prefix} if prefix else {}),
        **({"isRestJson": True} if model["metadata"]["protocol"] == "rest-json" else {}),
        "operations": made,
        "shapes": dict(sorted(shapes.items())),
    }


def main() -> None:
    loader = Loader()
    wanted = json.load(sys.stdin)
    tables = {
        service: table_of(loader.load_service_model(ask["model"], "service-2"), ask["operations"])
        for service, ask in wanted.items()
    }
    json.dump(tables, sys.stdout)


if __name__ == "__main__":
    main()
