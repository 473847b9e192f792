# One image for every component (S-TEC-05, S-TEC-21): `docker run evcharging <command of ./ev>`.
# Node's version is the one that package.json pins; containers take it from here, so its npm packages are left out.
FROM node:26.10.0-trixie-slim AS modules
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund

FROM node:26.10.0-trixie-slim AS pages
WORKDIR /app
COPY package.json package-lock.json .npmrc tsconfig.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY src ./src
RUN node src/ev.ts pages

FROM node:26.10.0-trixie-slim
WORKDIR /app
COPY --from=modules /app/node_modules ./node_modules
COPY --from=pages /app/dist/pages ./dist/pages
COPY package.json ./
COPY migrations ./migrations
COPY src/ev.ts ./src/ev.ts
COPY src/domain ./src/domain
COPY src/messages ./src/messages
COPY src/io ./src/io
COPY src/processes ./src/processes
COPY src/local ./src/local
# Volumes that are mounted here begin with this owner: nothing else of the image can be written to.
RUN mkdir -p /app/logs /var/lib/ev /run/ev/secrets /run/ev/panel /run/ev/database /run/ev/broker \
  && chown -R 1000:1000 /app/logs /var/lib/ev /run/ev
USER 1000:1000
ENV NODE_ENV=production EV_AUDIT_DIR=/app/logs EV_DATA_DIR=/var/lib/ev EV_CA_FILE=/run/ev/secrets/ca.pem
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=4 CMD ["node", "/app/src/ev.ts", "container", "health"]
ENTRYPOINT ["node", "--disable-warning=ExperimentalWarning", "--max-semi-space-size=4", "/app/src/ev.ts"]
CMD ["--help"]
