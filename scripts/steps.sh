# shellcheck shell=bash
# Long steps, a part of ./millrace, which sources it: one process at a time, with progress, and Ctrl-C leaves nothing running.

held_lock=
child=
teller=

# On a terminal progress is one line that changes.
line_start='' line_end='\n'
[ -t 2 ] && line_start='\r\033[K' line_end=''

stop_teller() {
  [ -n "$teller" ] || return 0
  { kill -TERM -- "-$teller" && wait "$teller"; } 2>/dev/null
  teller=
  [ -n "$line_end" ] || printf '%b' "$line_start" >&2
}

stop_child() {
  stop_teller
  [ -n "$child" ] || return 0
  { kill -TERM -- "-$child" && wait "$child"; } 2>/dev/null
  child=
}

unlock() {
  [ -n "$held_lock" ] && rm -rf "$held_lock"
  held_lock=
}

interrupted() {
  trap '' INT TERM HUP
  stop_child
  unlock
  say "interrupted"
  exit "$1"
}
trap 'interrupted 130' INT
trap 'interrupted 143' TERM HUP
trap unlock EXIT

# One process at a time per checkout. A lock whose owner is gone is taken over; mv makes sure that only one takes it.
lock() {
  local dir=$1 owner told='' nameless=0 absent=0
  until mkdir "$dir" 2>/dev/null; do
    if [ ! -d "$dir" ]; then
      # Once may be an owner who has just given it back.
      absent=$((absent + 1))
      [ "$absent" -lt 5 ] || fail "cannot write in $state: $check_disk."
      continue
    fi
    absent=0
    owner=$(cat "$dir/pid" 2>/dev/null)
    if [ -z "$owner" ]; then nameless=$((nameless + 1)); fi
    if [ "$nameless" -gt 5 ] || { [ -n "$owner" ] && ! kill -0 "$owner" 2>/dev/null; }; then
      [ "$(cat "$dir/pid" 2>/dev/null)" = "$owner" ] && mv "$dir" "$dir.stale.$$" 2>/dev/null && rm -rf "$dir.stale.$$"
      continue
    fi
    if [ -n "$owner" ] && [ -z "$told" ]; then
      say "waiting for process $owner, which works on $state (if it is none of ours, remove $dir)"
      told=yes
    fi
    sleep 1
  done
  held_lock=$dir
  echo $$ >"$dir/pid"
}

tell_progress() {
  local label=$1 log=$2 progress=$3 every=15
  [ -t 2 ] && every=1
  SECONDS=0
  while sleep "$every"; do
    printf '%b%s%b' "$line_start" "millrace: $label: $("$progress" "$log") ($SECONDS s)" "$line_end" >&2
  done
}

# run_step LABEL LOG PROGRESS COMMAND...: PROGRESS is a function that says how far the log has come.
run_step() {
  local label=$1 log=$2 progress=$3 started=$SECONDS status
  shift 3
  # Job control gives each of the two a process group of its own, so that it can be stopped with all that it starts.
  set -m
  "$@" >"$log" 2>&1 </dev/null &
  child=$!
  tell_progress "$label" "$log" "$progress" &
  teller=$!
  set +m
  wait "$child"
  status=$?
  child=
  stop_teller
  [ $status -eq 0 ] && say "$label: done in $((SECONDS - started)) s"
  return $status
}

# What a failed step's log means to the one who waits; $1 is the log, $2 what failed.
explain_and_fail() {
  local log=$1 what=$2
  if grep -qiE 'no space left on device|not enough space|disk quota' "$log"; then
    fail "$what failed because the disk is full: free some space (about $NEEDED_DISK_MB MB) and run the command again."
  fi
  if grep -qE 'NewConnectionError|ECONNREFUSED|ECONNRESET|ENOTFOUND|ETIMEDOUT|EAI_AGAIN|ConnectTimeout|ReadTimeout|Name or service not known|name resolution|ProxyError|Could not fetch URL|Could not transfer|Unknown host|Connection refused|Failed to fetch|Network is unreachable' "$log"; then
    fail "$what needs the network for its first downloads and could not reach it: check the connection, proxy or mirror settings and run the command again (details: $log)."
  fi
  # Maven's general advice begins at its first "Help".
  awk '/\[Help 1\]/ { exit } /^ *\[?ERROR/ { print; if (++shown == 12) exit }' "$log" >&2
  fail "$what failed: see $log and run the command again."
}
