# One image for the six services and `huying`: one statically linked file, told apart by the name it is called by, and the
# libraries it needs. No shell, no package manager, nothing else that could be run.

FROM swift:6.3-bookworm AS build

# What the labels below say of the libraries is compared with what is installed: a label that lies fails the build.
ARG SQLITE_VERSION=3.40.1
ARG NGHTTP2_VERSION=1.52.0
ARG PROTOBUF_C_VERSION=1.4.1

RUN apt-get update -qq \
 && apt-get install -y -qq --no-install-recommends \
      ca-certificates libnghttp2-dev libprotobuf-c-dev libsqlite3-dev pkg-config zlib1g-dev \
 && rm -rf /var/lib/apt/lists/*
RUN set -eu; for pair in sqlite3=$SQLITE_VERSION libnghttp2=$NGHTTP2_VERSION libprotobuf-c=$PROTOBUF_C_VERSION; do \
      found=$(pkg-config --modversion "${pair%%=*}"); \
      [ "$found" = "${pair#*=}" ] || { echo "${pair%%=*} is $found, the label says ${pair#*=}: pass --build-arg" >&2; exit 1; }; \
    done

WORKDIR /src
# The packages first, alone: they are fetched again only when the manifest changes.
COPY Package.swift ./
RUN swift package resolve
COPY . .
RUN swift build -c release --static-swift-stdlib -Xlinker --strip-all --product huying-all-in-one

# The image's whole root: the program, its names, the libraries it asks for, whom it trusts, who it is.
RUN set -eu; root=/image; \
    install -D -m 755 "$(swift build -c release --static-swift-stdlib --show-bin-path)/huying-all-in-one" $root/usr/local/bin/huying; \
    for name in grid-registry dispute responsibility-list dispatch performance-evaluation gateway; do \
      ln -s huying $root/usr/local/bin/$name; \
    done; \
    ldd $root/usr/local/bin/huying | grep -o '/[^ ]*' | while read -r library; do cp -L --parents "$library" $root; done; \
    install -D -m 644 /etc/ssl/certs/ca-certificates.crt $root/etc/ssl/certs/ca-certificates.crt; \
    echo 'huying:x:10001:10001:huying:/tmp:/nowhere' > $root/etc/passwd; \
    echo 'huying:x:10001:' > $root/etc/group; \
    install -d -m 1777 $root/tmp; \
    install -d -m 700 -o 10001 -g 10001 $root/data $root/backups $root/session $root/volumes \
      $root/volumes/grid-registry $root/volumes/dispute $root/volumes/responsibility-list $root/volumes/dispatch \
      $root/volumes/performance-evaluation $root/volumes/gateway; \
    find $root -type f -perm /111 -exec du -h {} +

FROM scratch

ARG HUYING_VERSION=dev
ARG SQLITE_VERSION=3.40.1
ARG NGHTTP2_VERSION=1.52.0
ARG PROTOBUF_C_VERSION=1.4.1
LABEL org.opencontainers.image.title="huying" \
      org.opencontainers.image.description="呼应: a county's grass-roots governance, six gRPC services and their command line" \
      org.opencontainers.image.version="$HUYING_VERSION" \
      huying.swift="6.3" \
      huying.sqlite="$SQLITE_VERSION" \
      huying.nghttp2="$NGHTTP2_VERSION" \
      huying.protobuf-c="$PROTOBUF_C_VERSION"

COPY --from=build /image/ /
ENV PATH=/usr/local/bin \
    HUYING_VERSION=$HUYING_VERSION \
    HUYING_DATA_DIR=/data \
    HUYING_KEY_DIR=/run/secrets \
    HUYING_SEALING_KEY=/run/secrets/sealing.key \
    HUYING_SESSION=/session/session.json \
    HUYING_LANG=zh
USER 10001:10001
# SIGTERM drains: calls under way are answered before the process ends.
STOPSIGNAL SIGTERM
CMD ["huying", "--help"]
