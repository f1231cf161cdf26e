"""What Markdown documents and Dockerfiles cost: beside manifests, and by themselves.

    python benchmarks/containers.py [--rounds N]

A tree of made-up manifests is scanned alone, with plain Markdown beside it, with documents that show manifests, and
with Dockerfiles; the fastest of N fresh processes counts, on one core. Then documents of growing length are read in
this process, to see that time is linear. The exit code is 1 where an aim is missed.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from workflows import Cost, best, once

MANIFESTS, OTHERS = 200, 200
"""Files of each kind."""

AIM_PLAIN, AIM_DOCKER, AIM_LINEAR = 1.0, 4.0, 1.5
"""Processor milliseconds for each plain document and Dockerfile; time for ten times the text over tenfold time."""

MANIFEST = """\
apiVersion: apps/v1
kind: Deployment
metadata: {{name: web-{n}, namespace: shop}}
spec:
  replicas: 2
  selector: {{matchLabels: {{app: web-{n}}}}}
  template:
    metadata: {{labels: {{app: web-{n}}}}}
    spec:
      containers:
        - name: web
          image: registry.example/shop/web:1.{n}.0
          resources:
            requests: {{cpu: 100m, memory: 128Mi}}
            limits: {{memory: 256Mi}}
"""
PROSE = "A sentence that says something about the `service`, with a [link](https://example.com) in it.\n"
PLAIN = f"# Notes {{n}}\n\n{PROSE * 40}\n## Steps\n\n```sh\nmake deploy\n```\n\n{PROSE * 40}"
DOCKERFILE = """\
FROM registry.example/node:22.{n}-alpine AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci
COPY . .
RUN npm run build
FROM registry.example/node:22.{n}-alpine
WORKDIR /app
COPY --from=build /app/dist ./dist
USER node
CMD ["node", "dist/main.js"]
"""


def written(folder: Path, kinds: dict[str, tuple[str, int]]) -> str:
    """A tree with so many files for each pattern of a name."""
    for pattern, (text, count) in kinds.items():
        for n in range(count):
            target = folder / pattern.format(n=n)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text.format(n=n), encoding="utf-8")
    return str(folder)


def trees(root: Path) -> dict[str, str]:
    """The folders to scan, by what is in them."""
    manifests = {"k8s/web-{n}.yaml": (MANIFEST, MANIFESTS)}
    shown = f"# Service {{n}}\n\n{PROSE * 10}\n```yaml\n{MANIFEST}```\n"
    return {
        f"{MANIFESTS} manifests": written(root / "alone", manifests),
        f"and {OTHERS} plain documents": written(root / "plain", {**manifests, "docs/{n}.md": (PLAIN, OTHERS)}),
        f"and {OTHERS} documents with one each": written(root / "shown", {**manifests, "docs/{n}.md": (shown, OTHERS)}),
        f"and {OTHERS} Dockerfiles": written(root / "docker", {**manifests, "s{n}/Dockerfile": (DOCKERFILE, OTHERS)}),
    }


def command(folder: str) -> list[str]:
    """One scan of a folder on one core."""
    return [sys.executable, "-m", "guardrail.cli.main", "scan", folder, "--jobs", "1", "--fail-on", "never", "--quiet"]


def seconds(work: Callable[[], object], rounds: int) -> float:
    """The least time of some runs."""
    taken = []
    for _ in range(rounds):
        before = time.perf_counter()
        work()
        taken.append(time.perf_counter() - before)
    return min(taken)


def texts(size: int) -> dict[str, str]:
    """Documents of one length, by what they are."""
    fence = "Words.\n\n```{language}\n{content}```\n\n"
    return {
        f"{2 * size:,} lines of prose": PROSE * 2 * size,
        f"{size:,} shell blocks": fence.format(language="sh", content="make\n") * size,
        f"{size:,} manifests": fence.format(language="yaml", content=MANIFEST.format(n=1)) * size,
        f"{size:,} Dockerfiles": fence.format(language="dockerfile", content=DOCKERFILE.format(n=1)) * size,
        f"{size:,} blocks of JSON": fence.format(language="json", content='{"kind": "x"}\n') * size,
    }


def reading(rounds: int) -> bool:
    """Read documents of two lengths, print a table; whether time was linear."""
    from guardrail.formats.files import documents
    from guardrail.formats.nodes import Lines

    def read(text: str) -> Callable[[], object]:
        return lambda: sum(1 for _ in documents("a.md", text, Lines(text)))

    print("\n| document | KB | read s | of a tenth of it, tenfold |\n|---|---|---|---|")
    good = True
    for (name, long), short in zip(texts(5_000).items(), texts(500).values(), strict=True):
        whole, part = seconds(read(long), rounds), seconds(read(short), rounds * 3)
        good = good and whole < AIM_LINEAR * 10 * part + 0.01
        print(f"| {name} | {len(long) / 1024:,.0f} | {whole:.3f} | {10 * part:.3f} |")
    return good


def each(cost: Cost, alone: Cost) -> float:
    """Processor milliseconds that each file more takes."""
    return (cost.processor - alone.processor) * 1000 / OTHERS


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder:
        made = trees(Path(folder) / "trees")
        rows = [[once(command(at), f"{folder}/home") for at in made.values()] for _ in range(rounds)]
    costs = dict(zip(made, (best(column) for column in zip(*rows, strict=True)), strict=True))
    alone, plain, _, docker = costs.values()
    print("| tree | wall s | processor s | peak MiB | x alone | ms for a file more |\n|---|---|---|---|---|---|")
    for name, cost in costs.items():
        ratio = cost.processor / alone.processor
        print(f"| {name} | {cost.wall:.2f} | {cost.processor:.2f} | {cost.memory:.0f} | {ratio:.2f} |", end="")
        print(f" {each(cost, alone):.2f} |")
    good = reading(rounds)
    return 0 if good and each(plain, alone) <= AIM_PLAIN and each(docker, alone) <= AIM_DOCKER else 1


if __name__ == "__main__":
    sys.exit(main())
