# What scripts/test and scripts/start share. To be sourced from the project's top folder.

# Fails with a plain sentence unless Node.js 20.19 or newer is here.
check_node() {
  if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
    echo "Quoteroom needs Node.js 20.19 or newer with npm, and found none. Install it from nodejs.org, then run this again."
    return 1
  fi
  if ! node -e 'const [major, minor] = process.versions.node.split(".").map(Number); process.exit(major > 20 || (major === 20 && minor >= 19) ? 0 : 1)'; then
    echo "Quoteroom needs Node.js 20.19 or newer, and this is $(node --version). Install a newer one from nodejs.org, then run this again."
    return 1
  fi
}

# node_modules fits this lock file and this Node.js: better-sqlite3 is compiled for one of them.
install_key() {
  node -e '
    const { createHash } = require("node:crypto");
    const lock = require("node:fs").readFileSync("package-lock.json");
    console.log(`${createHash("sha256").update(lock).digest("hex")} abi ${process.versions.modules} ${process.platform} ${process.arch}`);
  '
}

INSTALL_STAMP=node_modules/.quoteroom-installed

is_installed() {
  if [ -f "$INSTALL_STAMP" ]; then
    [ "$(cat "$INSTALL_STAMP")" = "$(install_key)" ]
  else
    # npm's own record: somebody installed by hand, after the lock file was last changed.
    [ -f node_modules/.package-lock.json ] && [ ! package-lock.json -nt node_modules/.package-lock.json ]
  fi
}

install_packages() {
  if ! is_installed; then
    if [ -L node_modules ]; then
      echo "node_modules is a link: npm would empty the folder that it leads to. Remove the link, and run this again."
      return 1
    fi
    if ! npm ci --include=dev --loglevel=error </dev/null; then
      echo "npm ci failed. better-sqlite3 is compiled where no ready binary can be fetched: that takes python3, make and a C++ compiler."
      return 1
    fi
  fi
  install_key >"$INSTALL_STAMP"
}

BUILD_STAMP=dist/.built

is_built() {
  [ -f "$BUILD_STAMP" ] || return 1
  [ -z "$(find src package.json package-lock.json tsconfig*.json vite.config.ts -newer "$BUILD_STAMP" -print | head -n 1)" ]
}

build() {
  npm run --silent build </dev/null && touch "$BUILD_STAMP"
}

# The browser tests need a Chromium. Takes the one that is here; else installs Debian's, where it may.
install_chromium() {
  has_chromium && return
  if command -v apt-get >/dev/null && [ "$(id -u)" -eq 0 ]; then
    export DEBIAN_FRONTEND=noninteractive
    apt-get update && apt-get install -y --no-install-recommends chromium fonts-liberation
    has_chromium && return
  fi
  echo "The browser tests need Chromium, and found none. Install it (Debian: apt-get install chromium), then run this again."
  return 1
}

has_chromium() {
  command -v chromium || command -v chromium-browser || command -v google-chrome-stable || command -v google-chrome
}
