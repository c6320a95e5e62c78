"""One exchange, read from the wire by botocore and held against the model of its operation."""

import json
import xml.etree.ElementTree as xml
from urllib.parse import parse_qsl

from botocore.model import OperationModel, Shape
from botocore.parsers import create_parser
from deviations import deviations_of

# What every operation can answer with: the API references' "Common Error Types", in the words of each protocol.
COMMON_ERRORS = {
    "json": {
        "AccessDeniedException",
        "ExpiredTokenException",
        "InvalidSignatureException",
        "MissingAuthenticationTokenException",
        "SerializationException",
        "ServerException",
        "ThrottlingException",
        "UnrecognizedClientException",
        "ValidationException",
    },
    "rest-json": {
        "AccessDeniedException",
        "ExpiredTokenException",
        "InvalidSignatureException",
        "MissingAuthenticationTokenException",
        "SerializationException",
        "ThrottlingException",
        "UnrecognizedClientException",
    },
    "query": {
        "AccessDenied",
        "ExpiredToken",
        "InvalidClientTokenId",
        "MalformedInput",
        "MissingAuthenticationToken",
        "ServiceFailure",
        "SignatureDoesNotMatch",
        "Throttling",
        "ValidationError",
    },
}


def protocol_of(model: OperationModel) -> str:
    """How the emulator speaks: `json`, `query`, `rest-json`, `ec2` or `rest-xml`."""
    protocols = model.service_model.metadata.get("protocols") or [model.service_model.protocol]
    return next(one for one in ("json", "query", "rest-json", "ec2", "rest-xml") if one in protocols)


def request_deviations(model: OperationModel, exchange: dict) -> list:
    """In what a request deviates; those of S3 and EFS are a path, and have nothing to check, and EC2 names members otherwise."""
    protocol, body, shape = protocol_of(model), exchange["request"]["body"], model.input_shape
    if protocol in ("rest-xml", "rest-json", "ec2") or shape is None:
        return []
    members = json.loads(body or "{}") if protocol == "json" else form_members(shape, body)
    return deviations_of(shape, members)


def form_members(shape: Shape, body: str) -> dict:
    """The members of a form, with the types of their shapes."""
    form = dict(parse_qsl(body, keep_blank_values=True))
    names = {name.split(".")[0] for name in form} - {"Action", "Version"}
    return {name: form_value(shape.members.get(name), name, form) for name in names}


def form_value(shape: Shape | None, name: str, form: dict):
    if shape is not None and shape.type_name == "structure":
        inner = {key[len(name) + 1 :].split(".")[0] for key in form if key.startswith(f"{name}.")}
        return {member: form_value(shape.members.get(member), f"{name}.{member}", form) for member in inner}
    if shape is not None and shape.type_name == "list":
        count = len({key[len(name) :].split(".")[2] for key in form if key.startswith(f"{name}.member.")})
        return [form_value(shape.member, f"{name}.member.{index + 1}", form) for index in range(count)]
    text = form[name]
    if shape is not None and shape.type_name in ("integer", "long") and text.lstrip("-").isdigit():
        return int(text)
    return text == "true" if shape is not None and shape.type_name == "boolean" else text


def answer_deviations(model: OperationModel, exchange: dict) -> list:
    """In what an answer deviates. What a fault script made up need not be one of the operation's errors."""
    protocol, answer = protocol_of(model), exchange["answer"]
    if answer["status"] != 200:
        return [] if exchange["isFault"] else error_deviations(model, protocol, answer["body"])
    if protocol in ("json", "rest-json"):
        output = json.loads(answer["body"])
        return deviations_of(model.output_shape, output) if model.output_shape else [f"unknown {m}" for m in output]
    response = {"status_code": 200, "headers": answer["headers"], "body": answer["body"].encode()}
    output = create_parser(protocol).parse(response, model.output_shape)
    output.pop("ResponseMetadata")
    unknown = unknown_elements(model, answer["body"]) if protocol == "query" else []
    return unknown + deviations_of(model.output_shape, output)


def error_deviations(model: OperationModel, protocol: str, body: str) -> list:
    """The models of S3 and EC2 lack most of their errors. What the emulator cannot do it says in words of its own."""
    if protocol in ("rest-xml", "ec2"):
        return []
    if protocol == "rest-json":
        error = json.loads(body)
        code, message = error["ErrorCode"], error["Message"]
    elif protocol == "json":
        error = json.loads(body)
        code, message = error["__type"], error["message"]
    else:
        error = next(element for element in xml.fromstring(body).iter() if element.tag.rpartition("}")[2] == "Error")
        code, message = (next(one.text or "" for one in error if one.tag.endswith(name)) for name in ("Code", "Message"))
    declared = {shape.error_code or shape.name for shape in model.error_shapes}
    if code in declared | COMMON_ERRORS[protocol] or message.startswith("emulator:"):
        return []
    return [f"error {code} is not one of the operation's"]


def unknown_elements(model: OperationModel, body: str) -> list:
    """The elements of a result that its shape does not have: the parser passes over them."""
    wrapper = model.output_shape.serialization.get("resultWrapper")
    result = next(element for element in xml.fromstring(body) if element.tag.endswith(f"}}{wrapper}"))
    return list(unknown_in(result, model.output_shape, ""))


def unknown_in(element: xml.Element, shape: Shape, path: str):
    for child in element:
        name = child.tag.rpartition("}")[2]
        if shape.type_name == "list":
            yield from unknown_in(child, shape.member, f"{path}[]")
        elif shape.type_name == "structure":
            known = {inner.serialization.get("name", member): inner for member, inner in shape.members.items()}
            if name in known:
                yield from unknown_in(child, known[name], f"{path}.{name}")
            else:
                yield f"{path}.{name}: unknown"
