"""What charts and overlays cost: a scan that renders them beside the bare tools that do nothing else.

    python benchmarks/rendering.py [--charts N] [--bases N] [--rounds N]

A made-up repository has charts (named templates, loops, values, `ci/` files) and bases with three overlays each
(patches, images, generators). `bare` runs `helm template` for every chart and file of values and `kustomize build` for
every overlay, one after the other; `scan` is the whole command with the default profile; `without` is the same where
neither tool is on the PATH, which judges the plain files alone. Helm and kustomize are those on the PATH, or in
GUARDRAIL_HELM and GUARDRAIL_KUSTOMIZE. The fastest of N fresh processes counts; processor seconds are those of the
command and all that it runs. The exit code is 1 where the aim is missed.
"""

from __future__ import annotations

import argparse
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

AIM = 1.5
"""What a scan may take at most, in wall seconds of the bare tools."""

CHART = "apiVersion: v2\nname: {name}\nversion: 1.0.0\nappVersion: '1.4'\n"
VALUES = """\
image: {repository: registry.example/shop/web, tag: 1.4.2}
replicas: 3
workers: [mail, bills, reports]
securityContext:
  runAsNonRoot: true
  allowPrivilegeEscalation: false
resources:
  requests: {cpu: 100m, memory: 128Mi}
  limits: {memory: 256Mi}
debug: false
"""
HELPERS = """\
{{- define "app.name" -}}
{{ .Chart.Name | trunc 63 }}
{{- end }}
{{- define "app.labels" -}}
app.kubernetes.io/name: {{ include "app.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}
{{- define "app.image" -}}
{{ printf "%s:%s" .Values.image.repository .Values.image.tag }}
{{- end }}
"""
DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "app.name" . }}
  namespace: {{ .Release.Namespace }}
  labels: {{- include "app.labels" . | nindent 4 }}
spec:
  replicas: {{ .Values.replicas }}
  selector:
    matchLabels: {{- include "app.labels" . | nindent 6 }}
  template:
    metadata:
      labels: {{- include "app.labels" . | nindent 8 }}
    spec:
      {{- if .Values.debug }}
      hostPID: true
      {{- end }}
      containers:
        - name: web
          image: {{ include "app.image" . | quote }}
          securityContext: {{- toYaml .Values.securityContext | nindent 12 }}
          resources: {{- toYaml .Values.resources | nindent 12 }}
          ports:
            - {name: http, containerPort: 8080}
"""
SERVICE = """\
apiVersion: v1
kind: Service
metadata:
  name: {{ include "app.name" . }}
spec:
  selector: {{- include "app.labels" . | nindent 4 }}
  ports:
    - {name: http, port: 80, targetPort: http}
"""
WORKERS = """\
{{- range .Values.workers }}
---
apiVersion: batch/v1
kind: CronJob
metadata:
  name: {{ include "app.name" $ }}-{{ . }}
spec:
  schedule: "0 3 * * *"
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          containers:
            - name: {{ . }}
              image: {{ include "app.image" $ }}
              resources: {{- toYaml $.Values.resources | nindent 16 }}
{{- end }}
"""
PLAIN = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 2
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      containers:
        - name: app
          image: registry.example/shop/web:1.4.2
          envFrom:
            - configMapRef: {name: settings}
          resources:
            requests: {cpu: 100m, memory: 128Mi}
            limits: {memory: 256Mi}
---
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector: {app: web}
  ports:
    - {port: 80, targetPort: 8080}
"""
OVERLAY = """\
namespace: {name}
resources: [../../base]
images:
  - name: registry.example/shop/web
    newTag: 1.5.0
configMapGenerator:
  - name: settings
    literals: [mode={name}]
patches:
  - path: web.yaml
"""
PATCH = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  template:
    spec:
      containers:
        - name: app
          securityContext: {runAsNonRoot: true, allowPrivilegeEscalation: false}
"""
OVERLAYS = ("dev", "staging", "production")


class Cost(NamedTuple):
    """What a process and all that it runs take: wall and processor seconds."""

    wall: float
    processor: float


class Tools(NamedTuple):
    """Where helm and kustomize are."""

    helm: str
    kustomize: str


def write(folder: Path, files: Mapping[str, str]) -> None:
    """Files by name, with the folders above them."""
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")


def repository(folder: Path, charts: int, bases: int) -> Path:
    """A repository with so many charts, and so many bases with three overlays each."""
    (folder / ".git").mkdir(parents=True)
    for n in range(charts):
        templates = {"deployment": DEPLOYMENT, "service": SERVICE, "workers": WORKERS}
        write(
            folder / f"charts/c{n}",
            {
                "Chart.yaml": CHART.format(name=f"c{n}"),
                "values.yaml": VALUES,
                "ci/debug-values.yaml": "debug: true\n",
                "templates/_helpers.tpl": HELPERS,
                **{f"templates/{name}.yaml": text for name, text in templates.items()},
            },
        )
    for n in range(bases):
        write(folder / f"apps/a{n}/base", {"kustomization.yaml": "resources: [web.yaml]\n", "web.yaml": PLAIN})
        for name in OVERLAYS:
            files = {"kustomization.yaml": OVERLAY.format(name=name), "web.yaml": PATCH}
            write(folder / f"apps/a{n}/overlays/{name}", files)
    return folder


def bare(folder: Path, tools: Tools) -> str:
    """A script that runs the bare tools over a repository."""
    lines = ["set -e"]
    for chart in sorted((folder / "charts").glob("*")):
        command = [tools.helm, "template", "x", str(chart)]
        lines += [shlex.join(command), shlex.join([*command, "-f", str(chart / "ci/debug-values.yaml")])]
    lines += [shlex.join([tools.kustomize, "build", str(o)]) for o in sorted(folder.glob("apps/*/overlays/*"))]
    return "\n".join(lines)


def cost(command: Sequence[str], path: str, home: str) -> Cost:
    """What a fresh process takes; 3 (not all could be read) is an end like any other for a scan."""
    environment = {**os.environ, "PATH": path, "XDG_CACHE_HOME": home}
    begin = perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)
    _, status, usage = os.wait4(process.pid, 0)
    wall = perf_counter() - begin
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1, 3):
        raise SystemExit(f"{command[0]} ended with exit code {process.returncode}")
    return Cost(wall, usage.ru_utime + usage.ru_stime)


def measured(folder: Path, tools: Tools, rounds: int) -> dict[str, Cost]:
    """The cost of the bare tools, of the scan, and of the scan without tools."""
    scan = [sys.executable, "-m", "guardrail.cli.main", "scan", "--quiet", str(folder)]
    with tempfile.TemporaryDirectory() as place:
        with_, without = Path(place) / "with", Path(place) / "without"
        for there in (with_, without):
            there.mkdir()
            for name in ("git", "sh", "unshare"):
                if (known := shutil.which(name)) is not None:
                    (there / name).symlink_to(known)
        (with_ / "helm").symlink_to(tools.helm)
        (with_ / "kustomize").symlink_to(tools.kustomize)
        commands = {
            "bare": (["/bin/sh", "-c", bare(folder, tools)], str(with_)),
            "scan": (scan, str(with_)),
            "without": (scan, str(without)),
        }
        found = [{n: cost(c, path, place) for n, (c, path) in commands.items()} for _ in range(rounds)]
    every = {name: [one[name] for one in found] for name in commands}
    return {name: Cost(min(c.wall for c in costs), min(c.processor for c in costs)) for name, costs in every.items()}


def main() -> int:
    """Measure and print a table; the exit code is 1 where the aim is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--charts", type=int, default=20)
    parser.add_argument("--bases", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    tools = Tools(*(os.environ.get(f"GUARDRAIL_{n.upper()}") or shutil.which(n) or "" for n in ("helm", "kustomize")))
    if not all(tools):
        raise SystemExit("helm and kustomize are needed")
    print("| repository | runs of a tool | bare s | scan s | without s | bare CPU s | scan CPU s | scan / bare |")
    print("|---|---|---|---|---|---|---|---|")
    missed = False
    for charts, bases in ((options.charts, 0), (0, options.bases), (options.charts, options.bases)):
        with tempfile.TemporaryDirectory() as place:
            folder = repository(Path(place) / "r", charts, bases)
            found = measured(folder, Tools(*map(os.path.abspath, tools)), options.rounds)
        bare_, scan = found["bare"], found["scan"]
        missed |= scan.wall > AIM * bare_.wall
        figures = [f"{c:.2f}" for c in (bare_.wall, scan.wall, found["without"].wall, bare_.processor, scan.processor)]
        name = " and ".join(f"{n} {what}" for n, what in ((charts, "charts"), (bases, "bases")) if n)
        runs = 2 * charts + len(OVERLAYS) * bases
        print(f"| {name} | {runs} | {' | '.join(figures)} | {scan.wall / bare_.wall:.2f} |", flush=True)
    print(f"\naim: a scan takes at most {AIM} x the bare tools: {'missed' if missed else 'met'}")
    return int(missed)


if __name__ == "__main__":
    raise SystemExit(main())
