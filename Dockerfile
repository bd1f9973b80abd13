# Every service and command of Pneumostream, built from source. One image; the command says which
# part of it runs: docker run IMAGE scorer
# For research use, not a medical device.

FROM maven:3.9.16-eclipse-temurin-17 AS build
WORKDIR /source
COPY . .
RUN --mount=type=cache,target=/m2 \
    mvn -B -ntp -Dmaven.repo.local=/m2 -DskipTests package

# glibc, which PyTorch and RocksDB are built against; an Alpine base would not load them.
FROM eclipse-temurin:17.0.20.1_1-jre-noble

LABEL org.opencontainers.image.title="Pneumostream" \
      org.opencontainers.image.description="An event-driven streaming classifier of chest CT; for research use, not a medical device" \
      org.opencontainers.image.version="0.1.0" \
      org.opencontainers.image.licenses="Apache-2.0"

# curl is for the health checks.
RUN apt-get update \
    && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends curl \
    && rm -rf /var/lib/apt/lists/*

# A fixed id, so that files in volumes keep their owner from one image to the next. A new volume
# takes over the owner of the folder that it covers: each one that compose mounts is made here.
RUN groupadd --gid 10001 pneumostream \
    && useradd --uid 10001 --gid pneumostream --no-create-home \
       --home-dir /var/lib/pneumostream --shell /usr/sbin/nologin pneumostream \
    && install -d -o pneumostream -g pneumostream \
       /var/cache/djl \
       /var/lib/pneumostream \
       /var/lib/pneumostream/scan-staging \
       /var/lib/pneumostream/preprocess-state \
       /var/lib/pneumostream/trainer

# Laid out as in a built checkout, without the sources: the launcher finds what it runs, and
# nothing newer to build.
WORKDIR /opt/pneumostream
COPY LICENSE pneumostream ./
COPY samples samples
COPY --from=build /source/apps/standalone/target/registry apps/standalone/target/registry
COPY --from=build /source/apps/standalone/target/lib apps/standalone/target/lib
COPY --from=build /source/apps/standalone/target/pneumostream.jar apps/standalone/target/
RUN ln -s /opt/pneumostream/pneumostream /usr/local/bin/pneumostream

ENV DJL_CACHE_DIR=/var/cache/djl \
    PNEUMOSTREAM_DATA_DIR=/var/lib/pneumostream \
    PNEUMOSTREAM_HTTP_HOST=0.0.0.0

USER pneumostream
WORKDIR /var/lib/pneumostream

# A network trained for one epoch on a few small phantoms: the image is not built if the engine
# does not work in it, and the engine's 450 MB of native libraries are unpacked here, once, rather
# than by every container.
RUN pneumostream phantom --count 12 --seed 1 --size 64x64x48 --out smoke \
    && pneumostream fit smoke --epochs 1 --out smoke/model.safetensors \
       --set input-shape=46x46x46 --set train-min-scans-per-class=1 \
    && pneumostream predict smoke/normal/phantom-1.nii.gz --model smoke/model.safetensors \
    && rm -r smoke

EXPOSE 8080 8082 8083 8084
ENTRYPOINT ["/usr/local/bin/pneumostream"]
CMD ["--help"]
