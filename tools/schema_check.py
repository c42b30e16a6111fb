#!/usr/bin/env python3
"""Holds a generated JSON Schema against documents whose verdicts the reader has given: the two must agree.

  tools/schema_check.py SCHEMA --good FILE… --bad FILE… [--bad-for-the-reader FILE…]

SCHEMA is the file of a JSON Schema (2020-12). A FILE is YAML or JSON, or several documents with a line `---` between
them. Every good one has to be valid, every bad one invalid. What only the reader can see (two scenarios of one name, a
mistake inside an expression) is bad for the reader and valid here. YAML is read by the core schema of YAML 1.2, as the
reader does: `yes` is a text, `1:30` is no number.

Needs jsonschema and PyYAML: python3 -m venv build/schema && build/schema/bin/pip install jsonschema PyYAML
"""

import argparse
import json
import re
import sys

import jsonschema
import yaml


class Core(yaml.SafeLoader):
    """YAML 1.2's core schema; keys are texts, as JSON has no others."""

    yaml_implicit_resolvers = {}

    def construct_mapping(self, node, deep=False):
        self.flatten_mapping(node)
        return {key.value: self.construct_object(value, deep=True) for key, value in node.value}


def plain(tag, pattern, first):
    Core.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(f"^(?:{pattern})$"), list(first))


def decimal(loader, node):
    text = node.value
    try:
        return int(text)
    except ValueError:
        return float(text)


plain("null", "~|null|Null|NULL|", ["~", "n", "N", ""])
plain("bool", "true|false", ["t", "f"])
plain("float", r"-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?", "-0123456789.")
plain("merge", "<<", ["<"])
Core.add_constructor("tag:yaml.org,2002:float", decimal)
Core.add_constructor("tag:yaml.org,2002:map", lambda loader, node: loader.construct_mapping(node, deep=True))


def documents(path):
    with open(path, encoding="utf-8") as file:
        texts = re.split(r"^---\n", file.read(), flags=re.M)
    for number, text in enumerate(texts, 1):
        yield f"{path}, document {number}", text


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("schema")
    parser.add_argument("--good", nargs="*", default=[], metavar="FILE")
    parser.add_argument("--bad", nargs="*", default=[], metavar="FILE")
    parser.add_argument("--bad-for-the-reader", nargs="*", default=[], metavar="FILE")
    options = parser.parse_args()
    with open(options.schema, encoding="utf-8") as file:
        schema = json.load(file)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)

    checked = 0
    wrong = []
    for expected, files in ((True, options.good), (False, options.bad), (True, options.bad_for_the_reader)):
        for path in files:
            for where, text in documents(path):
                checked += 1
                error = jsonschema.exceptions.best_match(validator.iter_errors(yaml.load(text, Core)))
                if (error is None) != expected:
                    wrong.append(f"{where}: {'valid' if error is None else error.message}\n{text}")
    for each in wrong:
        print(each)
    print(f"{checked} documents, {len(wrong)} judged otherwise by the schema than by the reader")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
