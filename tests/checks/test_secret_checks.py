"""The checks as policies call them: parameters, places, words."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256

from guardrail.model.report import Finding, Report
from guardrail.settings import PolicySettings

Scan = Callable[..., Report]

POD = """\
apiVersion: v1
kind: Pod
metadata: {name: shop}
spec:
  containers:
    - name: app
      image: x
      env:
        - {name: DB_PASSWORD, value: Wint3r-Coat}
        - {name: SHOP_PIN, value: "4711"}
"""
CONFIG = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: shop}
data:
  app.yaml: |
    db:
      password: Wint3r-Coat
    mail:
      password: Summ3r-Coat
  folded.yaml: >-
    password: Wint3r-Coat
  quoted: "password: Wint3r-Coat\\n"
"""


def told(scan: Scan, text: str, policy: str, **params: object) -> list[Finding]:
    """The findings of one policy on one text."""
    settings = {policy: PolicySettings(params=params)}
    return list(scan({"a.yaml": text}, profile="none", select=(policy,), policies=settings).findings)


def test_names_may_be_allowed(scan: Scan) -> None:
    assert len(told(scan, POD, "secret-in-env")) == 1
    assert not told(scan, POD, "secret-in-env", allowedNames=["db_*"])
    assert len(told(scan, POD, "secret-in-env", allowedNames=["db"])) == 1


def test_values_may_be_allowed_by_their_hash(scan: Scan) -> None:
    known = sha256(b"Wint3r-Coat").hexdigest()
    assert not told(scan, POD, "secret-in-env", allowedValues=[known])
    assert not told(scan, POD, "secret-in-env", allowedValues=[f"sha256:{known.upper()}"])
    assert len(told(scan, POD.replace("Wint3r", "Autumn-7"), "secret-in-env", allowedValues=[known])) == 1


def test_names_may_be_added(scan: Scan) -> None:
    found = told(scan, POD, "secret-in-env", extraNames=["*_pin"])
    assert [f.location.span.line for f in found] == [9, 10]


def test_secrets_in_embedded_files_have_their_own_line_and_identity(scan: Scan) -> None:
    found = told(scan, CONFIG, "secret-in-config-map")
    assert [f.location.span.line for f in found] == [7, 9, 11, 12]
    assert found[0].path == "data['app.yaml'].password"
    assert len({f.fingerprint for f in found}) == 4
    assert (found[0].location.span.column, found[0].location.span.end_column) == (7, 28)


def test_a_secret_is_told_once_and_names_its_keys(scan: Scan) -> None:
    keys = "\n".join(f"  key{i}: Wint3r-Coat{i}" for i in range(5))
    (found,) = told(
        scan, f"apiVersion: v1\nkind: Secret\nmetadata: {{name: shop}}\nstringData:\n{keys}\n", "secret-committed"
    )
    assert found.message == "Secret shop is committed with its data: key0, key1, key2 and 2 more"


def test_messages_say_role_name_and_kind(scan: Scan) -> None:
    (found,) = told(scan, POD, "secret-in-env")
    assert found.message == "container app: env DB_PASSWORD holds a password in clear"


def test_items_of_a_list_have_their_own_places(scan: Scan) -> None:
    listed = "apiVersion: v1\nkind: List\nitems:\n" + "".join(
        f"  {'-' if number == 0 else ' '} {line}\n" for number, line in enumerate(CONFIG.splitlines())
    )
    found = told(scan, listed, "secret-in-config-map")
    assert [f.location.span.line for f in found] == [10, 12, 14, 15]


def test_variable_that_builds_on_itself_is_not_given_twice(scan: Scan) -> None:
    twice = POD + "        - {name: SHOP_PIN, value: $(SHOP_PIN)-1}\n"
    assert not told(scan, twice, "duplicate-env-name")
    (found,) = told(scan, twice.replace("$(SHOP_PIN)-1", "other"), "duplicate-env-name")
    assert found.location.span.line == 11
    assert [r.span.line for r in found.related] == [10]
