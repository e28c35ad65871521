# One image, several commands: web, workers, beat, door (docker-compose.yml). The first stage installs and compiles,
# the second holds only what runs, as a user without rights.
FROM python:3.12-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PYTHONDONTWRITEBYTECODE=1
RUN apt-get update && apt-get install -y --no-install-recommends gettext && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY requirements/tools.txt requirements/runtime.txt requirements/
# uv comes by its hash and installs the rest by theirs; it stays in this stage.
RUN python -m venv /opt/tools && /opt/tools/bin/pip install --no-cache-dir --require-hashes -r requirements/tools.txt
RUN python -m venv --without-pip /opt/suji \
    && /opt/tools/bin/uv pip install --no-cache --python /opt/suji/bin/python --compile-bytecode \
        --require-hashes -r requirements/runtime.txt
COPY . .
# Both need settings but no secret: unset means embedded, in a folder that is thrown away.
RUN export DATA_DIR=/tmp/build STATIC_ROOT=/app/staticfiles PATH=/opt/suji/bin:$PATH \
    && python manage.py compilemessages --verbosity 0 \
    && python manage.py collectstatic --noinput --verbosity 0 \
    && rm -rf /tmp/build

FROM python:3.12-slim-bookworm
# Chinese letters for what the server draws.
RUN apt-get update && apt-get install -y --no-install-recommends fonts-noto-cjk && rm -rf /var/lib/apt/lists/* \
    && groupadd --gid 10001 suji && useradd --uid 10001 --gid suji --no-create-home --home-dir /data suji \
    && install -d -o suji -g suji -m 0700 /data
COPY --from=build /opt/suji /opt/suji
COPY --from=build /app /app
ENV PATH=/opt/suji/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 SUJI_ENV=production DATA_DIR=/data
WORKDIR /app
USER suji
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=40s --retries=4 CMD ["python", "tools/healthy.py", "web"]
CMD ["granian", "--interface", "wsgi", "config.wsgi:application", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", "--blocking-threads", "4"]
