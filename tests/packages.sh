#!/usr/bin/env bash
# The Debian 12 packages of the project, in two groups, and their installation: only what is missing, nothing asked.
#   tests/packages.sh [demo|all]     demo: what building and running needs; all (default): also what the tests need
#   tests/packages.sh --list [demo|all]
set -euo pipefail

demo=(
  # tools
  cmake ninja-build g++ ccache pkg-config git curl ca-certificates procps
  # Boost by version: libboost-dev is 1.74, which lacks what Asio needs, and conflicts with this one
  libboost1.81-dev libboost-json1.81-dev
  # wires
  libmodbus-dev libserialport-dev libcpp-httplib-dev
  # storage, formats, cryptography
  libsqlite3-dev libtomlplusplus-dev libpugixml-dev libfmt-dev libssl-dev libyaml-cpp-dev libcli11-dev
  # pictures of paper, signs and boards; walls on a video output
  libfreetype-dev libpng-dev libqrencode-dev libsdl2-dev fonts-wqy-zenhei unifont fonts-hanazono
  # the test framework belongs to the build of the tree
  doctest-dev
  # a business day is a day of Asia/Shanghai
  tzdata
)
tests=(
  clang-16 libclang-rt-16-dev clang-tidy-16 clang-format
  mbpoll sqlite3
  # draws the same text, to compare with
  libsdl2-ttf-dev
  # a receiver of E1.31 that others have written
  ola
  # reads bundles of evidence by other means than ours
  openssl python3
  # reads the symbols on tickets that were drawn
  zbar-tools
  # the firmware, its emulator, and other people's Modbus
  gcc-arm-none-eabi binutils-arm-none-eabi libnewlib-arm-none-eabi libstdc++-arm-none-eabi-newlib qemu-system-arm
  python3-pymodbus
  # a recorder that others have written, and what makes and judges its movies
  motion ffmpeg
)

list=false
if [[ ${1:-} == --list ]]; then
  list=true
  shift
fi
case ${1:-all} in
  demo) wanted=("${demo[@]}") ;;
  all) wanted=("${demo[@]}" "${tests[@]}") ;;
  *)
    echo "usage: tests/packages.sh [--list] [demo|all]" >&2
    exit 2
    ;;
esac
if $list; then
  printf '%s\n' "${wanted[@]}"
  exit 0
fi

installed=$(dpkg-query -W -f='${binary:Package} ${db:Status-Status}\n' 2>/dev/null |
  sed -n 's/:[^ ]*//; s/ installed$//p')
missing=()
for package in "${wanted[@]}"; do
  grep -qxF -- "$package" <<<"$installed" || missing+=("$package")
done
[[ ${#missing[@]} -gt 0 ]] || exit 0

root=()
if [[ $EUID -ne 0 ]]; then
  if ! command -v sudo >/dev/null; then
    echo "packages: not root and no sudo; as root: apt-get install --no-install-recommends ${missing[*]}" >&2
    exit 1
  fi
  root=(sudo)
fi
echo "packages: installing ${missing[*]}"
apt=("${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -y -o DPkg::Lock::Timeout=600
  -o Dpkg::Use-Pty=0 -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold)
log=$(mktemp)
trap 'rm -f "$log"' EXIT
for step in "update" "install --no-install-recommends ${missing[*]}"; do
  # shellcheck disable=SC2086  # the words of a step are words
  if ! "${apt[@]}" $step >"$log" 2>&1 </dev/null; then
    cat "$log" >&2
    echo "packages: apt-get ${step%% *} failed" >&2
    exit 1
  fi
done
