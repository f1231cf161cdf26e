"""No output shows a secret: every position, every format, also where another policy points at the same line."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path

from tests.checks.made_up import TOKENS, body
from tests.conftest import Command

PRIVILEGED = "securityContext: {privileged: true}"
FORMATS = ("text", "json", "sarif", "github", "junit", "markdown")


class Vault:
    """Makes secrets that cannot be mistaken for anything else, and remembers them."""

    def __init__(self) -> None:
        self.made: list[str] = []

    def new(self, prefix: str = "") -> str:
        """A password."""
        made = prefix + body(14, seed=f"leak {len(self.made)}") + "7z"
        self.made.append(made)
        return made

    def packed(self) -> str:
        """A password in base64; both forms are secret."""
        made = b64encode(self.new().encode()).decode()
        self.made.append(made)
        return made


def manifest(v: Vault) -> str:
    """Secrets in every position, many on lines that other policies point at."""
    applied = json.dumps({"kind": "Secret", "data": {"odd": v.packed()}, "stringData": {"password": v.new()}})
    return f"""\
apiVersion: v1
kind: Pod
metadata:
  name: shop
  annotations:
    kubectl.kubernetes.io/last-applied-configuration: '{applied}'
    x/hook: https://shop:{v.new()}@hook.example/
    x/tokens: a {TOKENS["github classic"][1]} and {TOKENS["jwt"][1]}
spec:
  hostNetwork: true
  initContainers: [{{name: init, image: x, env: [{{name: DB_PASSWORD, value: {v.new()}}}], {PRIVILEGED}}}]
  ephemeralContainers:
    - {{name: debug, image: x, args: ["--password={v.new()}", "--token", "{v.new()}"], {PRIVILEGED}}}
  containers:
    - name: app
      image: registry.example/app:latest
      command: [redis-cli, -a, {v.new()}]
      args:
        - --admin-password
        - {v.new()}
        - |
          export PGPASSWORD={v.new()}
          mysql -u root -p{v.new()}
      env:
        - name: API_TOKEN
          value: {v.new()}  # guardrail: ignore[secret-in-env] it is {v.made[-1]}
        - {{name: DB_PASSWORD, value: {v.new()}}}
        - {{name: DB_PASSWORD, value: &again "{v.new()}"}}
        - {{name: OTHER, value: *again}}
        - name: FOLDED_PASSWORD
          value: "{v.new()}\\
            {v.new()}"
        - name: URL
          value: postgres://shop:{v.new()}@db/shop
---
apiVersion: v1
kind: ConfigMap
metadata: {{name: shop}}
data:
  DB_PASSWORD: {v.new()}  # guardrail: ignore[secret-in-config-map] it is {v.made[-1]}
  app.yaml: |
    db:
      password: {v.new()}
      # password: {v.new()}
    url: amqp://shop:{v.new()}@mq/
  x.json: '{{"clientSecret": "{v.new()}", "n": 1}}'
---
apiVersion: v1
kind: Secret
metadata: {{name: shop, annotations: {{"x/note": "rotated"}}}}
data:
  odd: {v.packed()}  # guardrail: ignore[secret-committed] because {v.made[-1]}
  odder: {v.packed()}
stringData:
  odd.txt: {v.new()}
  "quoted": "{v.new()}"
  several: |
    {v.new()}
    {v.new()}
  twice: {v.new()}
  twice: {v.new()}
---
apiVersion: v1
kind: Secret
metadata: {{name: bound, annotations: {{kubernetes.io/service-account.name: x}}}}
type: kubernetes.io/service-account-token
data: {{ca.crt: "", token: {v.packed()}, namespace: c2hvcA==}}
---
apiVersion: x.example.com/v1
kind: Thing
metadata: {{name: shop}}
spec:
  adminPassword: {v.new()}
  env: [{{name: SMTP_PASSWORD, value: {v.new()}}}]
  values: |
    auth:
      password: {v.new()}
---
apiVersion: v1
kind: Secret
metadata:
  name: broken
stringData:
  password: {v.new()}: [
"""


def outputs(guardrail: Command, folder: Path) -> dict[str, str]:
    """What each format says, and both streams of the run."""
    wanted = [arg for name in FORMATS for arg in ("-f", f"{name}={folder / name}.out")]
    process = guardrail("scan", "files", "--profile", "strict", *wanted)
    assert process.returncode in {1, 3}, process.stderr
    shown = {name: (folder / f"{name}.out").read_text(encoding="utf-8") for name in FORMATS}
    return {**shown, "streams": process.stdout + process.stderr}


def test_no_format_shows_a_secret(guardrail: Command, tmp_path: Path) -> None:
    vault = Vault()
    text = manifest(vault)
    tokens = [TOKENS["github classic"][1], TOKENS["jwt"][1]]
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "all.yaml").write_text(text, encoding="utf-8")
    secrets = [s for s in (*vault.made, *tokens) if s in text or len(s) > 12]
    for name, shown in outputs(guardrail, tmp_path).items():
        for secret in secrets:
            assert secret not in shown, f"{name} shows a secret: {_around(shown, secret)}"
    report = json.loads((tmp_path / "json.out").read_text(encoding="utf-8"))
    assert {"secret-in-env", "secret-in-args", "secret-in-config-map", "secret-committed"} <= {
        f["policy"] for f in report["findings"]
    }


def test_suppressions_that_are_findings_themselves(guardrail: Command, tmp_path: Path) -> None:
    vault = Vault()
    text = f"""\
apiVersion: v1
kind: Secret
metadata: {{name: shop}}
data:
  odd: {vault.packed()}  # guardrail: ignore[no-such-policy] was {vault.new()}
stringData:
  odder: {vault.new()}  # guardrail: ignore[secret-committed]
  same: {vault.made[-2]}
"""
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "all.yaml").write_text(text, encoding="utf-8")
    for name, shown in outputs(guardrail, tmp_path).items():
        assert not [s for s in vault.made if s in shown], name


def test_json_on_one_line(guardrail: Command, tmp_path: Path) -> None:
    password, other = "Qx71" + body(14), "Zz93" + body(14, seed="o")
    pod = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "a"},
        "spec": {
            "hostPID": True,
            "containers": [
                {
                    "name": "a",
                    "image": "x",
                    "env": [{"name": "A_PASSWORD", "value": password}],
                    "securityContext": {"privileged": True},
                }
            ],
        },
    }
    listed = {
        "apiVersion": "v1",
        "kind": "List",
        "items": [pod, {"apiVersion": "v1", "kind": "Secret", "stringData": {"odd": other}}],
    }
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "all.json").write_text(json.dumps(listed), encoding="utf-8")
    for name, shown in outputs(guardrail, tmp_path).items():
        assert password not in shown, name
        assert other not in shown, name


def test_messages_name_kind_and_key_alone(scan: Callable[..., object]) -> None:
    vault = Vault()
    report = scan({"a.yaml": manifest(vault)}, profile="strict")
    for finding in report.findings:  # type: ignore[attr-defined]
        assert not any(secret in finding.message for secret in vault.made if secret)


def _around(shown: str, secret: str) -> str:
    at = shown.index(secret)
    return shown[max(0, at - 300) : at] + "<HERE>" + shown[at + len(secret) : at + len(secret) + 60]
