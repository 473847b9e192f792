# shellcheck shell=bash
# Set-up shared by the start scripts and test_all.sh; to be sourced with $root set. Written for bash 3.2, which macOS has.

say() { printf '%s\n' "$*"; }

fail() {
  printf '%s\n' "$*" >&2
  exit 1
}

has() { command -v "$1" >/dev/null 2>&1; }

# help_first COMMAND ARGUMENT...: with --help or -h among the arguments, the help of ./ev COMMAND, before anything is set up.
help_first() {
  command=$1
  shift
  for one in "$@"; do
    case $one in
      --help | -h)
        if text=$("${root:?}/ev" "$command" --help 2>/dev/null); then
          say "$text"
        else
          sed -n '2s/^# //p' "$0"
          say "More is told once the npm packages are installed: (cd '$root' && npm ci)"
        fi
        exit 0
        ;;
    esac
  done
}

is_root() { [ "$(id -u)" = 0 ]; }

# install_or_tell WHAT PACKAGE...: installs Debian packages as root; else names the command and ends.
install_or_tell() {
  what=$1
  shift
  if has apt-get && is_root; then
    say "Installing $* ($what) ..."
    if ! DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@" >/dev/null 2>&1; then
      apt-get update >/dev/null 2>&1
      DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@" >/dev/null 2>&1 ||
        fail "$what could not be installed. Type: apt-get install $*"
    fi
  elif has apt-get; then
    fail "$what is missing. Type: sudo apt-get install -y $*"
  else
    fail "$what is missing. Install it (Debian calls it: $*; Homebrew: brew install node openjdk@17 maven), then start again."
  fi
}

need_node() {
  if ! has node || ! has npm; then install_or_tell "Node 18 or newer with npm" nodejs npm; fi
  major=$(node --version | sed 's/^v\([0-9]*\).*/\1/')
  [ "$major" -ge 18 ] || fail "Node 18 or newer is needed, this is $(node --version). See https://nodejs.org"
}

need_java() {
  [ -n "${KAFKA_BROKERS:-}" ] && return 0
  has java || [ -n "${JAVA_HOME:-}" ] || install_or_tell "Java 17 or newer" openjdk-17-jre-headless
  [ -n "${KAFKA_HOME:-}" ] || [ -d "${root:?}/var/kafka-jars" ] || has mvn || install_or_tell "Maven" maven
}

# built_pages ARGUMENT...: builds the pages whose sources changed; all of them if --no-cache is among the arguments.
built_pages() {
  force=""
  for one in "$@"; do [ "$one" = --no-cache ] && force=--force; done
  "${root:?}/ev" pages $force || exit 1
}

# npm_packages: runs npm ci unless what is installed is as new as the lock file.
npm_packages() {
  installed="${root:?}/node_modules/.package-lock.json"
  if [ -f "$installed" ] && [ ! "${root:?}/package-lock.json" -nt "$installed" ] && "${root:?}/ev" --help >/dev/null 2>&1; then
    return 0
  fi
  # npm ci empties the folder it finds, through a link too: that would take the packages from whoever owns them.
  if [ -L "${root:?}/node_modules" ]; then
    fail "$root/node_modules is a link to packages older than package-lock.json (or broken). Remove the link (rm '$root/node_modules') and start again."
  fi
  say "Installing npm packages (about half a minute) ..."
  log=$(mktemp "${TMPDIR:-/tmp}/ev-npm.XXXXXX")
  if ! (cd "${root:?}" && npm ci --no-audit --no-fund >"$log" 2>&1); then
    tail -n 20 "$log" >&2
    fail "npm ci failed; its whole output is in $log"
  fi
  rm -f "$log"
  touch "$installed"
}
