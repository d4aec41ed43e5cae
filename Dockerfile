# sohoa on Debian 12: one stage builds, the other runs.
#
#   docker build -t sohoa .
#   docker run --rm -v "$PWD/scans:/in:ro" -v "$PWD/out:/out" sohoa digitise /in -o /out
#
# ./x image-try goes through these steps in a clean Debian root without a container engine.

FROM debian:12-slim AS build
RUN apt-get update && apt-get install -y --no-install-recommends \
        ca-certificates curl libtesseract-dev libleptonica-dev pkg-config gcc g++ libc6-dev make clang libclang-dev \
    && rm -rf /var/lib/apt/lists/*
ENV CARGO_HOME=/opt/cargo RUSTUP_HOME=/opt/rustup PATH=/opt/cargo/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
RUN curl --proto '=https' --tlsv1.2 -sSfo /tmp/rustup-init "https://static.rust-lang.org/rustup/dist/$(uname -m)-unknown-linux-gnu/rustup-init" \
    && chmod +x /tmp/rustup-init && /tmp/rustup-init -y -q --profile minimal --no-modify-path && rm /tmp/rustup-init
WORKDIR /src
COPY . .
# for a build that is sooner done and slower at work: --build-arg PROFILE=dev
ARG PROFILE=release
RUN cargo build --profile "$PROFILE" --locked --bin sohoa \
    && install -D target/*/sohoa /built/sohoa

FROM debian:12-slim
RUN apt-get update && apt-get install -y --no-install-recommends \
        tesseract-ocr tesseract-ocr-script-viet tesseract-ocr-vie tesseract-ocr-osd liblept5 \
    && rm -rf /var/lib/apt/lists/*
COPY --from=build /built/sohoa /usr/local/bin/sohoa
WORKDIR /out
ENTRYPOINT ["sohoa"]
CMD ["--help"]
