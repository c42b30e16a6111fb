#!/usr/bin/env python3
"""The schema that `vajrapulse schema` prints, against the reader, over all the plans of tests/plans and examples.

    schema_test.py VAJRAPULSE [PYTHON] [--update]

What the reader accepts the schema has to accept: each good plan as it is written, and what it comes to once everything
is merged (`config show`). What the schema refuses the reader has to refuse: it may see less, never more. Which of the
mistakes it cannot see stands in only_the_reader.txt; --update writes that file anew.

PYTHON has jsonschema and PyYAML (tests/plans/requirements.txt) where this one has not; without them it is skipped.
"""

import importlib.util
import json
import os
import pathlib
import shlex
import subprocess
import sys
import unittest

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
LIST = HERE / "only_the_reader.txt"
GOOD = sorted(HERE.glob("good/[0-9]*")) + sorted((ROOT / "examples/plans").glob("[0-9]*.yml"))
BAD = sorted(path for path in HERE.glob("mistakes/[0-9]*") if path.suffix in (".yml", ".json"))
ENVIRONMENT = {"API_KEY": "tiger-lily-47", "BASE_URL": "http://127.0.0.1:8080"}
HEAD = """# Mistakes of tests/plans/mistakes that the schema lets pass: names, files, what stands inside texts and
# steps, and what only the reader adds up. `schema_test.py VAJRAPULSE --update` writes this list.
"""


def with_packages():
    """Goes on in a Python that has them, or says that there is none."""
    if all(importlib.util.find_spec(name) for name in ("jsonschema", "yaml")):
        return
    python = next((arg for arg in sys.argv[2:] if os.access(arg, os.X_OK) and arg != sys.executable), None)
    if python is None:
        print("SKIPPED: no Python with jsonschema and PyYAML is here")
        sys.exit(77)
    os.execv(python, [python, *[arg for arg in sys.argv if arg != python]])


def run(program, *arguments, folder=HERE):
    return subprocess.run([program, *arguments], cwd=folder, env=ENVIRONMENT, capture_output=True, text=True)


def options_of(path):
    """What a plan's first line says it is validated with."""
    first = path.read_text(encoding="utf-8", errors="replace").partition("\n")[0]
    head = f"# vajrapulse validate {path.name} "
    return shlex.split(first[len(head) :]) if first.startswith(head) else []


def is_piecemeal(text):
    """Whether other files or profiles hold a part of it."""
    return isinstance(text, dict) and ("extends" in text or "include" in text)


class Schema(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        sys.path.insert(0, str(ROOT / "tools"))
        import jsonschema
        import schema_check
        import yaml

        cls.yaml, cls.core = yaml, schema_check.Core
        schema = json.loads(run(PROGRAM, "schema").stdout)
        jsonschema.Draft202012Validator.check_schema(schema)
        cls.validator = jsonschema.Draft202012Validator(schema)
        cls.best = staticmethod(jsonschema.exceptions.best_match)

    def refusal(self, text):
        """Why the schema refuses a document; None when it does not."""
        error = self.best(self.validator.iter_errors(self.yaml.load(text, self.core)))
        return error and f"{'/'.join(map(str, error.absolute_path))}: {error.message}"

    def test_good_plans_are_accepted_as_written(self):
        for path in GOOD:
            text = path.read_text(encoding="utf-8")
            if is_piecemeal(self.yaml.load(text, self.core)):
                continue
            with self.subTest(plan=path.name):
                self.assertIsNone(self.refusal(text))

    def test_good_plans_are_accepted_as_merged(self):
        for path in GOOD:
            options = [option for option in options_of(path)]
            shown = run(PROGRAM, "config", "show", path.name, *options, folder=path.parent)
            with self.subTest(plan=path.name):
                self.assertEqual(shown.returncode, 0, shown.stderr)
                self.assertIsNone(self.refusal(shown.stdout))

    def test_it_refuses_nothing_that_the_reader_accepts(self):
        for path in GOOD + BAD:
            read = run(PROGRAM, "validate", path.name, *options_of(path), folder=path.parent)
            with self.subTest(plan=path.name):
                self.assertEqual(read.returncode, 2 if path in BAD else 0, read.stderr)

    def test_what_it_cannot_see(self):
        unseen = []
        for path in BAD:
            try:
                if self.refusal(path.read_text(encoding="utf-8")) is None:
                    unseen.append(path.name)
            except (self.yaml.YAMLError, RecursionError, MemoryError, TypeError):
                pass  # no YAML: whoever reads it says so
        text = HEAD + "".join(name + "\n" for name in unseen)
        if UPDATE:
            LIST.write_text(text, encoding="utf-8")
        self.assertEqual(LIST.read_text(encoding="utf-8") if LIST.exists() else "", text)


if __name__ == "__main__":
    with_packages()
    UPDATE = "--update" in sys.argv
    PROGRAM = str(pathlib.Path(sys.argv[1]).resolve())
    unittest.main(argv=sys.argv[:1], verbosity=1)
