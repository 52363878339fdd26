"""The generated documents say what the code does, and AsyncAPI alone is enough to speak with the hall."""

import importlib.util
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import jsonschema
import pytest
import yaml

from contracts.topics import TABLE, Row

ROOT = Path(__file__).parents[2]


def generator() -> ModuleType:
    """docs/generate.py as a module."""
    spec = importlib.util.spec_from_file_location("docs_generate", ROOT / "docs" / "generate.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def asyncapi() -> dict[str, Any]:
    """The AsyncAPI document as a stranger reads it: from the file."""
    document: dict[str, Any] = yaml.safe_load((ROOT / "docs" / "asyncapi.yaml").read_text(encoding="utf-8"))
    return document


@pytest.mark.parametrize("name", ["messages.md", "asyncapi.yaml", "config.md"])
def test_generated_document_is_up_to_date(name: str) -> None:
    """``make docs`` was run after the last change of a message or a key."""
    assert (ROOT / "docs" / name).read_text(encoding="utf-8") == generator().DOCUMENTS[name]()


def references(value: object) -> list[str]:
    """Every $ref below a value."""
    if isinstance(value, dict):
        own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
        return own + [ref for inner in value.values() for ref in references(inner)]
    if isinstance(value, list):
        return [ref for inner in value for ref in references(inner)]
    return []


def test_every_reference_leads_somewhere(asyncapi: dict[str, Any]) -> None:
    """A reader who follows a $ref arrives."""
    for reference in references(asyncapi):
        place: Any = asyncapi
        for step in reference.removeprefix("#/").split("/"):
            place = place[step]


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.message.__name__)
def test_golden_sample_is_valid_by_the_published_schema(row: Row, asyncapi: dict[str, Any]) -> None:
    """What we send fits what we publish, and a payload with a wrong type does not."""
    name = row.message.__name__
    sample = json.loads((ROOT / "tests" / "golden" / "messages" / f"{name}.v{row.schema}.json").read_text(encoding="utf-8"))
    schema = {"$ref": f"#/components/schemas/{name}", "components": asyncapi["components"]}
    jsonschema.validate(sample, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(sample | {"schema": "one"}, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({key: value for key, value in sample.items() if key != "message"}, schema)


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.message.__name__)
def test_every_message_is_reachable_through_an_operation(row: Row, asyncapi: dict[str, Any]) -> None:
    """Each message stands on its channel, and an operation says who sends it."""
    reference = f"/messages/{row.message.__name__}"
    holders = [op for op in asyncapi["operations"].values() if any(m["$ref"].endswith(reference) for m in op["messages"])]
    assert len(holders) == 1
    channel = asyncapi["channels"][holders[0]["channel"]["$ref"].rsplit("/", 1)[1]]
    assert channel["address"] == f"hall/v1/{{hall}}/{row.topic}"
    assert holders[0]["bindings"]["mqtt"]["retain"] is row.retained
