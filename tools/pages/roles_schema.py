"""docs/roles.schema.json: roles.yaml for editors and for whoever checks it without AlphaLoop."""

import json

from alphaloop.rules.constitution.schema import roles_schema


def schema() -> str:
    """The page's text."""
    return json.dumps(roles_schema(), indent=2, ensure_ascii=False) + "\n"
