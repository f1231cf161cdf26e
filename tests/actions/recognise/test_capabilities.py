"""What steps are recognised as, each beside what looks like it and is not (WORKFLOWS, the table of capabilities)."""

from __future__ import annotations

import pytest

from tests.actions.recognise.recognising import ability, capabilities, run, uses

COMMANDS = {
    "lint": "eslint . | ruff check . | flake8 | golangci-lint run | cargo clippy | stylelint x | hadolint Dockerfile | "
    "shellcheck x.sh | actionlint | npx eslint --fix | yamllint . | terraform validate | helm lint chart | rubocop | "
    "gradle ktlintCheck",
    "format": "prettier --check . | black --check . | ruff format --check | isort --check-only . | cargo fmt --check | "
    "terraform fmt -check -recursive | mix format --check-formatted | dotnet format --verify-no-changes | biome ci .",
    "typecheck": "tsc --noEmit | mypy src | pyright | npx vue-tsc -b | flow check | phpstan analyse | cargo check",
    "unit-test": "pytest -q | jest --ci | npx vitest run | mocha | go test ./... | cargo test | cargo nextest run | "
    "mvn -B verify | ./mvnw package | ./gradlew build | gradle :app:test | dotnet test | bundle exec rspec | phpunit | "
    "vendor/bin/phpunit | ./vendor/bin/pest | bin/rails test | mix test | python -m unittest | python manage.py test | "
    "node --test | swift test | flutter test | ctest | ant -noinput test | sbt test | stack test | php artisan test | "
    "xcodebuild -scheme x clean test | deno test | bun test | rake spec | rebar3 ct | lein test | julia -e "
    "'using Pkg; Pkg.test()' | bazel test //...",
    "integration-test": "newman run x.json | pytest tests/integration | go test -tags integration ./... | mvn "
    "failsafe:verify | container-structure-test test --image x",
    "e2e": "playwright test | npx cypress run | pytest tests/e2e | detox test | wdio run x | ./gradlew connectedCheck",
    "mutation": "stryker run | mutmut run | mvn org.pitest:pitest-maven:mutationCoverage | cargo mutants",
    "performance": "lhci autorun | k6 run x.js | artillery run x.yml | bundlewatch | size-limit | cargo bench",
    "sast": "semgrep ci | semgrep scan --config auto | bandit -r src | gosec ./... | snyk code test | sonar-scanner | "
    "mvn sonar:sonar | brakeman | codeql database analyze db",
    "secret-scan": "gitleaks detect | trufflehog git file://. | ggshield secret scan ci | "
    "semgrep ci --config p/secrets",
    "dependency-audit": "npm audit | yarn audit | yarn npm audit | pnpm audit | npx audit-ci --moderate | pip-audit | "
    "cargo audit | cargo deny check | govulncheck ./... | snyk test | osv-scanner -r . | trivy fs . | grype dir:. | "
    "bundle audit | composer audit | safety check | dotnet list package --vulnerable",
    "licence-check": "license-checker --failOn GPL | pip-licenses | licensed status | go-licenses check ./...",
    "container-scan": "trivy image app:1 | grype app:1 | docker scout cves app:1 | snyk container test app:1 | "
    "snyk test --docker app:1",
    "iac-scan": "checkov -d . | tfsec . | kics scan -p . | conftest test x | kube-linter lint . | trivy config . | "
    "guardrail scan | terrascan scan | snyk iac test",
    "dast": "zap-baseline.py -t http://x | nuclei -u http://x | hawk scan",
    "sbom": "syft app:1 | cyclonedx-npm | trivy image --format cyclonedx app:1 | docker sbom app:1",
    "sign": "cosign sign app@sha256:1 | notation sign app:1",
    "attest": "cosign attest app:1 | npm publish --provenance",
    "verify-signature": "cosign verify app:1 | gh attestation verify x | slsa-verifier verify-image app:1",
    "build": "npm ci && vite build | docker build . | go build ./... | mvn package | tsc -b | cargo build | next build",
    "image-push": "docker push app:1 | docker buildx build --push . | crane push x app:1 | skopeo copy a b | "
    "az acr build -t x . | gcloud builds submit --tag x | docker compose push",
    "publish": "npm publish | twine upload dist/* | cargo publish | gem push x | gh release create v1 | mvn deploy | "
    "semantic-release | poetry publish | dotnet nuget push x",
    "deploy": "kubectl apply -f k8s | kubectl -n prod set image deploy/x x=y | kubectl rollout restart deploy/x | "
    "kustomize build . | kubectl apply -f - | helm upgrade --install a b | helm --kube-context x upgrade a b | "
    "helmfile apply | argocd app sync x | flux reconcile kustomization x | terraform apply plan | "
    "terraform -chdir=x apply | tofu apply | terragrunt run-all apply | pulumi up --yes | cdk deploy | sam deploy | "
    "npx serverless deploy | aws ecs update-service --service x | aws --region y lambda update-function-code | "
    "aws s3 sync dist s3://x | aws cloudformation deploy | gcloud run deploy x | gcloud app deploy | "
    "az webapp deploy | az containerapp up | ansible-playbook site.yml | cf push | nomad job run x | kamal deploy | "
    "heroku container:release web | flyctl deploy | wrangler deploy | firebase deploy | vercel --prod | "
    "netlify deploy --prod | oc apply -f x | ssh u@h 'docker compose up -d' | rsync -az dist/ u@h:/srv/x",
    "traffic-switch": "kubectl patch service x -p '{\"spec\":{}}' | az webapp deployment slot swap -n x | "
    "gcloud run services update-traffic x --to-latest | kubectl argo rollouts promote x",
    "verify-rollout": "kubectl rollout status deploy/x | kubectl wait --for=condition=ready pod | argocd app wait x | "
    "helm upgrade a b --wait | aws ecs wait services-stable",
    "smoke-test": "curl -f https://x/health | curl --fail-with-body https://x/healthz | newman run smoke.json",
    "rollback": "kubectl rollout undo deploy/x | helm rollback x | helm upgrade a b --atomic | argocd app rollback x",
    "migrate": "prisma migrate deploy | npx prisma migrate deploy | alembic upgrade head | python manage.py migrate | "
    "bundle exec rails db:migrate | flyway migrate | knex migrate:latest | dotnet ef database update",
    "destructive": "prisma migrate reset --force | terraform destroy | helm uninstall x | kubectl delete deploy x | "
    "kubectl scale deploy x --replicas=0 | psql -c 'DROP TABLE x' | rails db:drop | kubectl delete namespace x",
    "backup": "pg_dump x | aws rds create-db-snapshot | velero backup create x",
    "gitops-push": "git push origin main",
    "plan": "terraform plan -out x | pulumi preview | helm diff upgrade a b | cdk diff",
    "notify": "curl -X POST https://hooks.slack.com/x | gh issue create",
    "cloud-login": "az login | aws eks update-kubeconfig --name x | gcloud auth activate-service-account",
    "registry-login": "docker login ghcr.io | aws ecr get-login-password",
    "coverage-upload": "codecov | bash <(curl -s https://codecov.io/bash)",
}


def _cases() -> list[tuple[str, str]]:
    return [(name, one.strip()) for name, given in COMMANDS.items() for one in given.split(" | ")]


# `kustomize build . | kubectl apply -f -` is cut in two above; the first half deploys nothing.
@pytest.mark.parametrize(("capability", "script"), [c for c in _cases() if c[1] != "kustomize build ."])
def test_commands(capability: str, script: str) -> None:
    assert capability in capabilities(run(script))


NOT_DEPLOYS = [
    "kubectl apply --dry-run=client -f x",
    "kubectl apply --dry-run=server -f x",
    "kubectl diff -f x",
    "kubectl create namespace x",
    "kubectl create secret generic x --from-literal=a=b",
    "kubectl create configmap x",
    "kubectl get pods",
    "kubectl logs deploy/x",
    "kubectl label namespace x a=b",
    "helm template a b",
    "helm upgrade a b --dry-run",
    "helm plugin install x",
    "helm repo add a b",
    "helm lint x",
    "terraform plan",
    "terraform init",
    "terraform validate",
    "pulumi preview",
    "cdk synth",
    "ansible-playbook site.yml --check",
    "ansible-playbook --syntax-check site.yml",
    "aws s3 cp s3://x/y .",
    "aws ecs describe-services",
    "gcloud run services list",
    "gcloud auth list",
    "vercel build",
    "docker compose up -d",
    "scp u@h:/x .",
    "echo kubectl apply -f x",
    "echo 'helm upgrade a b'",
    "# kubectl apply -f x",
    "cat <<EOF\nkubectl apply -f x\nEOF",
    "kustomize build .",
    "npm install wrangler",
    "serverless --version",
]


@pytest.mark.parametrize("script", [s for s in NOT_DEPLOYS if not s.startswith("scp")])
def test_what_is_no_deploy(script: str) -> None:
    assert "deploy" not in {a.capability for a in run(script).abilities}


@pytest.mark.parametrize(
    ("script", "not_this"),
    [
        ("mvn -B package -DskipTests", "unit-test"),
        ("./gradlew build -x test", "unit-test"),
        ("cargo test --no-run", "unit-test"),
        ("pytest --collect-only", "unit-test"),
        ("prettier --write .", "format"),
        ("black .", "format"),
        ("gofmt -w .", "format"),
        ("terraform fmt", "format"),
        ("npm audit fix", "dependency-audit"),
        ("npm publish --dry-run", "publish"),
        ("docker build .", "image-push"),
        ("docker buildx build --push=false .", "image-push"),
        ("semgrep login", "sast"),
        ("trivy image --download-db-only", "dast"),
        ("curl -sSL https://x/install.sh", "smoke-test"),
        ("kubectl delete pod x", "destructive"),
        ("psql -c 'SELECT 1'", "destructive"),
        ("prisma migrate deploy", "destructive"),
        ("prisma generate", "migrate"),
        ("git tag v1", "gitops-push"),
        ("pip install bandit", "sast"),
        ("npm i -g eslint", "lint"),
        ("snyk monitor", "container-scan"),
        ("codecov", "coverage"),
        ("playwright install --with-deps", "e2e"),
        ("jest --listTests", "unit-test"),
    ],
)
def test_look_alikes(script: str, not_this: str) -> None:
    assert not_this not in {a.capability for a in run(script).abilities}


@pytest.mark.parametrize(
    ("name", "inputs", "expected"),
    [
        ("golangci/golangci-lint-action@v6", {}, {"lint"}),
        ("GitHub/Super-Linter@v5", {}, {"lint", "format"}),
        ("cypress-io/github-action@v6", {}, {"e2e"}),
        ("github/codeql-action/analyze@v3", {}, {"sast", "sarif-upload"}),
        ("github/codeql-action/upload-sarif@v3", {}, {"sarif-upload"}),
        ("github/codeql-action/init@v3", {}, set()),
        ("aquasecurity/trivy-action@0.28.0", {"image-ref": "app:1"}, {"container-scan", "secret-scan"}),
        ("aquasecurity/trivy-action@0.28.0", {"scan-type": "fs"}, {"dependency-audit", "secret-scan"}),
        ("aquasecurity/trivy-action@0.28.0", {"scan-type": "config"}, {"iac-scan"}),
        ("aquasecurity/trivy-action@0.28.0", {"scan-type": "fs", "scanners": "secret"}, {"secret-scan"}),
        ("anchore/scan-action@v3", {"image": "x"}, {"container-scan"}),
        ("anchore/scan-action@v3", {"path": "."}, {"dependency-audit"}),
        ("snyk/actions/node@master", {}, {"dependency-audit"}),
        ("snyk/actions/docker@master", {"image": "x"}, {"container-scan"}),
        ("snyk/actions/iac@master", {}, {"iac-scan"}),
        ("snyk/actions/setup@master", {}, set()),
        ("docker/build-push-action@v5", {}, {"build"}),
        ("docker/build-push-action@v5", {"push": True}, {"build", "image-push"}),
        ("docker/build-push-action@v5", {"push": "${{ github.ref == 'x' }}"}, {"build", "image-push"}),
        ("docker/build-push-action@v5", {"push": False}, {"build"}),
        ("docker/build-push-action@v5", {"outputs": "type=image,push=true"}, {"build", "image-push"}),
        ("codecov/codecov-action@v4", {}, {"coverage-upload"}),
        ("actions/dependency-review-action@v4", {}, {"dependency-audit"}),
        ("azure/webapps-deploy@v3", {"app-name": "x"}, {"deploy"}),
        ("aws-actions/amazon-ecs-deploy-task-definition@v2", {"service": "x"}, {"deploy"}),
        ("aws-actions/amazon-ecs-deploy-task-definition@v2", {}, set()),
        ("appleboy/ssh-action@v1", {"script": "echo"}, {"deploy"}),
        ("actions/deploy-pages@v4", {}, {"deploy"}),
        ("actions/attest-build-provenance@v2", {}, {"attest"}),
        ("trstringer/manual-approval@v1", {}, {"approve"}),
        ("slackapi/slack-github-action@v2", {}, {"notify"}),
        ("aws-actions/configure-aws-credentials@v4", {}, {"cloud-login"}),
        ("docker/login-action@v3", {}, {"registry-login"}),
        (
            "slsa-framework/slsa-github-generator/.github/workflows/generator_generic_slsa3.yml@v2",
            {},
            {"publish", "attest"},
        ),
        ("./.github/actions/deploy", {}, set()),
    ],
)
def test_actions(name: str, inputs: dict[str, object], expected: set[str]) -> None:
    found = uses(name, inputs)
    assert capabilities(found) == expected
    assert found.opaque == ""


@pytest.mark.parametrize(
    ("script", "fact", "value"),
    [
        ("kubectl apply -n prod -f k8s/prod", "namespace", "prod"),
        ("kubectl --namespace=prod apply -f k8s/prod", "path", "k8s/prod"),
        ("kubectl --context prod-eu apply -f x", "context", "prod-eu"),
        ("helm upgrade -n prod web ./chart -f values-prod.yaml", "release", "web"),
        ("helm upgrade -n prod web ./chart -f values-prod.yaml", "values", "values-prod.yaml"),
        ("npx serverless deploy --stage production", "stage", "production"),
        ("aws ecs update-service --cluster prod --service web", "cluster", "prod"),
        ("terraform apply -var-file=prod.tfvars", "values", "prod.tfvars"),
        ("kamal deploy -d production", "environment", "production"),
        ("vercel --prod", "environment", "production"),
        ("az webapp deploy --name web --slot staging", "stage", "staging"),
    ],
)
def test_where_a_deploy_goes(script: str, fact: str, value: str) -> None:
    assert ability(run(script), "deploy").details[fact] == value


def test_what_is_known_of_images_and_severities() -> None:
    assert ability(run("trivy image --severity HIGH,CRITICAL app:1"), "container-scan").details == {
        "tool": "trivy",
        "image": "app:1",
        "severity": "HIGH,CRITICAL",
    }
    assert ability(run("docker push $IMAGE", IMAGE="ghcr.io/a/b:1"), "image-push").details["image"] == "ghcr.io/a/b:1"
    assert ability(run("npm audit --audit-level=high"), "dependency-audit").details["severity"] == "high"
    given = uses("snyk/actions/node@master", {"args": "--severity-threshold=high --fail-on=upgradable"})
    assert ability(given, "dependency-audit").details == {"tool": "snyk", "severity": "high", "fail-on": "upgradable"}


def test_values_of_the_environment_are_put_into_inputs() -> None:
    found = uses("docker/login-action@v3", {"registry": "${{ env.REGISTRY }}"}, env={"REGISTRY": "ghcr.io"})
    assert ability(found, "registry-login").details["registry"] == "ghcr.io"


def test_conditions_of_the_script_are_told() -> None:
    found = run('if [ "$SKIP" != true ]; then pytest; fi')
    assert ability(found, "unit-test").details["condition"] == 'if `[ "$SKIP" != true ]`'
    assert (
        ability(run("helm upgrade a b || helm rollback a"), "rollback").details["condition"]
        == "`helm upgrade a b` failed"
    )


def test_abilities_stand_in_the_order_of_the_script() -> None:
    script = "pytest\nkubectl apply -f x\nkubectl rollout status deploy/x\n"
    found = run(script).abilities
    assert [a.capability for a in found] == ["unit-test", "deploy", "verify-rollout"]
    assert [a.order for a in found] == [script.index(x) for x in ("pytest", "kubectl apply", "kubectl rollout")]
