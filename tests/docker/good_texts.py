"""Dockerfiles and Compose files as careful people write them: the recommended profile has nothing to say of them."""

from __future__ import annotations

DOCKERFILES = {
    "go": """# syntax=docker/dockerfile:1
FROM --platform=$BUILDPLATFORM golang:1.25-alpine AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN --mount=type=cache,target=/go/pkg/mod go mod download
COPY . .
ARG TARGETOS TARGETARCH
ARG VERSION=dev
RUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build \\
    CGO_ENABLED=0 GOOS=$TARGETOS GOARCH=$TARGETARCH go build -ldflags "-s -w -X main.version=$VERSION" -o /app ./cmd/app

FROM gcr.io/distroless/static-debian12:nonroot
COPY --from=build /app /app
ENTRYPOINT ["/app"]
""",
    "rust": """FROM rust:1.90-slim-bookworm AS build
WORKDIR /src
COPY Cargo.toml Cargo.lock ./
RUN mkdir src && echo 'fn main() {}' > src/main.rs && cargo build --release --locked
COPY src ./src
RUN touch src/main.rs && cargo build --release --locked

FROM debian:12.11-slim
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates && rm -rf /var/lib/apt/lists/*
COPY --from=build /src/target/release/app /usr/local/bin/app
USER 10001:10001
EXPOSE 8080
CMD ["app"]
""",
    "node": """ARG NODE_VERSION=24
FROM node:${NODE_VERSION}-alpine AS base
WORKDIR /app
ENV NODE_ENV=production

FROM base AS build
COPY package.json package-lock.json ./
RUN npm ci --include=dev
COPY . .
RUN npm run build && npm prune --omit=dev

FROM base
RUN apk add --no-cache tini
COPY --chown=node:node --from=build /app/node_modules ./node_modules
COPY --chown=node:node --from=build /app/dist ./dist
USER node
EXPOSE 3000
HEALTHCHECK --interval=30s --timeout=3s CMD ["node", "dist/health.js"]
ENTRYPOINT ["/sbin/tini", "--"]
CMD ["node", "dist/server.js"]
""",
    "python": """FROM python:3.13-slim AS build
ENV PYTHONDONTWRITEBYTECODE=1 \\
    PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/venv
ENV PATH="/opt/venv/bin:$PATH"
COPY requirements.txt .
RUN --mount=type=secret,id=pip,target=/etc/pip.conf pip install -r requirements.txt

FROM python:3.13-slim
RUN groupadd --gid 10001 app && useradd --uid 10001 --gid app --no-create-home app
COPY --from=build /opt/venv /opt/venv
ENV PATH="/opt/venv/bin:$PATH" PYTHONUNBUFFERED=1
WORKDIR /srv/app
COPY --chown=app:app . .
USER app
EXPOSE 8000
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "shop.wsgi"]
""",
    "java": """FROM eclipse-temurin:21-jdk AS build
WORKDIR /src
COPY gradlew settings.gradle build.gradle ./
COPY gradle gradle
RUN ./gradlew --no-daemon dependencies
COPY src src
RUN ./gradlew --no-daemon bootJar

FROM eclipse-temurin:21-jre-alpine
RUN addgroup -S spring && adduser -S spring -G spring
USER spring:spring
COPY --from=build /src/build/libs/app.jar /app.jar
ENV JAVA_OPTS="-XX:MaxRAMPercentage=75"
ENTRYPOINT exec java $JAVA_OPTS -jar /app.jar
""",
    "nginx": """FROM node:24-alpine AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci
COPY . .
RUN npm run build

FROM nginxinc/nginx-unprivileged:1.29-alpine
COPY nginx.conf /etc/nginx/conf.d/default.conf
COPY --from=build /app/dist /usr/share/nginx/html
EXPOSE 8080
""",
    "targets": """FROM ruby:3.4-slim AS base
WORKDIR /app
RUN apt-get update \\
 # what the database driver is linked with
 && apt-get install --yes --no-install-recommends libpq5 \\
 && rm -rf /var/lib/apt/lists/*

FROM base AS dev
RUN apt-get update && apt-get install -y --no-install-recommends build-essential libpq-dev
CMD ["bin/rails", "server", "-b", "0.0.0.0"]

FROM dev AS build
COPY Gemfile Gemfile.lock ./
RUN bundle config set deployment true && bundle install

FROM base AS production
COPY --from=build /usr/local/bundle /usr/local/bundle
COPY . .
USER 1000:1000
CMD ["bundle", "exec", "puma"]
""",
    "onbuild": """FROM node:24-alpine
WORKDIR /app
ONBUILD COPY package.json package-lock.json ./
ONBUILD RUN npm ci --omit=dev
ONBUILD COPY . .
USER node
CMD ["node", "server.js"]
""",
    "scratch": """FROM alpine:3.22 AS files
RUN apk add --no-cache ca-certificates tzdata
RUN echo 'app:x:10001:10001::/:' > /etc/passwd.app

FROM scratch
COPY --from=files /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=files /etc/passwd.app /etc/passwd
COPY app /
USER 10001
ENTRYPOINT ["/app"]
""",
    "exported files": """FROM golang:1.25 AS build
COPY . /src
RUN cd /src && go build -o /out/app .

FROM scratch AS artifact
COPY --from=build /out /
""",
    "here-documents": """# syntax=docker/dockerfile:1
FROM debian:12.11-slim
RUN <<EOF
set -eu
apt-get update
apt-get install -y --no-install-recommends curl
rm -rf /var/lib/apt/lists/*
EOF
COPY <<-"CONF" /etc/app.conf
\tlisten = 8080
\tname = $HOSTNAME
CONF
COPY --chmod=0755 <<'SCRIPT' /usr/local/bin/start
#!/bin/sh
exec app --config /etc/app.conf
SCRIPT
USER 10001
ENTRYPOINT ["/usr/local/bin/start"]
""",
    "windows": """# escape=`
FROM mcr.microsoft.com/windows/servercore:ltsc2022
SHELL ["powershell", "-Command", "$ErrorActionPreference = 'Stop'; $ProgressPreference = 'SilentlyContinue';"]
WORKDIR C:\\app
RUN Invoke-WebRequest -OutFile git.zip -UseBasicParsing https://example.com/git.zip; `
    Expand-Archive git.zip -DestinationPath C:\\git; `
    Remove-Item git.zip
ENV GOPATH=C:\\gopath
WORKDIR ${GOPATH}\\src\\app
COPY app.exe C:\\app\\
EXPOSE 8080
ENTRYPOINT ["C:\\\\app\\\\app.exe"]
""",
    "windows without SHELL": """# escape=`
FROM mcr.microsoft.com/dotnet/framework/aspnet:4.8.1-windowsservercore-ltsc2022
RUN powershell -Command Install-WindowsFeature Web-WebSockets & `
    sudo config --disable & apt-get install nothing
COPY app C:\\inetpub\\wwwroot\\
""",
    "init drops root": """FROM postgres:17.5
RUN apt-get update && apt-get install -y --no-install-recommends gosu && rm -rf /var/lib/apt/lists/*
COPY entry.sh /entry.sh
ENTRYPOINT ["gosu", "postgres", "/entry.sh"]
""",
    "download with checksum": """FROM alpine:3.22
ARG TARGETARCH
ARG VERSION=1.4.2
ADD --checksum=sha256:24454f830cdb571e2c4ad15481119c43b3cafd48dd869a9b2945d1036d1dc68d https://example.com/a.tgz /tmp/
RUN wget -O /tmp/tool "https://example.com/${VERSION}/tool-${TARGETARCH}" \\
 && echo "24454f830cdb571e2c4ad15481119c43b3cafd48dd869a9b2945d1036d1dc68d  /tmp/tool" | sha256sum -c - \\
 && install -m 0755 /tmp/tool /usr/local/bin/tool
USER 10001
CMD ["tool"]
""",
}

COMPOSE = {
    "application": """name: shop
x-logging: &logging
  logging:
    driver: local
services:
  web:
    <<: *logging
    build:
      context: .
      target: production
      args:
        VERSION: ${VERSION:-dev}
    image: registry.example/shop:${TAG:-1.4.2}
    ports:
      - "8080:8080"
    environment:
      DATABASE_URL: postgres://shop@db:5432/shop
      DATABASE_PASSWORD_FILE: /run/secrets/db
    secrets: [db]
    depends_on:
      db:
        condition: service_healthy
    restart: unless-stopped
    read_only: true
    tmpfs: [/tmp]
    deploy:
      resources:
        limits: {cpus: "1", memory: 512M}
  db:
    <<: *logging
    image: postgres:17.5
    environment:
      POSTGRES_USER: shop
      POSTGRES_PASSWORD_FILE: /run/secrets/db
    secrets: [db]
    volumes:
      - data:/var/lib/postgresql/data
      - ./init:/docker-entrypoint-initdb.d:ro
    healthcheck:
      test: ["CMD-SHELL", "pg_isready -U $${POSTGRES_USER}"]
      interval: 5s
    restart: unless-stopped
volumes:
  data:
secrets:
  db:
    file: ./secrets/db.txt
""",
    "development": """services:
  app:
    build: {context: ., target: dev}
    command: npm run dev
    volumes:
      - .:/app
      - /app/node_modules
    ports: ["3000:3000", "127.0.0.1:9229:9229"]
    env_file:
      - path: .env
        required: false
    environment:
      NODE_ENV: development
      API_TOKEN: ${API_TOKEN:?set it in .env}
    develop:
      watch:
        - {action: sync, path: ./src, target: /app/src}
  queue:
    image: nats:2.12-alpine
    profiles: [cache]
  mail:
    image: axllent/mailpit:v1.27.0
    ports: ["127.0.0.1:8025:8025"]
""",
    "stack": """services:
  web:
    image: registry.example/shop:1.4.2
    networks: [front]
    ports:
      - {target: 8080, published: 80, mode: ingress}
    configs:
      - source: web
        target: /etc/web.conf
    deploy:
      mode: replicated
      replicas: 3
      update_config: {parallelism: 1, delay: 10s, order: start-first, failure_action: rollback}
      restart_policy: {condition: on-failure, max_attempts: 3}
      placement:
        constraints: [node.role == worker]
        max_replicas_per_node: 1
networks:
  front:
    driver: overlay
    driver_opts: {encrypted: "true"}
configs:
  web:
    file: ./web.conf
""",
    "override": """services:
  web:
    ports: !override ["8081:8080"]
    environment:
      LOG_LEVEL: debug
    volumes: [./src:/app/src]
""",
    "include": """include:
  - path: ../infra/compose.yaml
services:
  worker:
    image: registry.example/worker:1.4.2
    networks: [infra]
    depends_on: [queue]
""",
}

COMPOSE_NAMES = {"stack": "docker-stack.yml", "override": "compose.override.yaml"}
"""What a file is called that is not `compose.yaml`."""
