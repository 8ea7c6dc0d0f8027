# shellcheck shell=bash
# What is there, what is missing and how to get it: a part of ./millrace, which sources it.
# It changes nothing and starts nothing, so that it answers on a machine that has none of it.

report() { printf '  %-8s %-10s %s\n' "$1" "$2" "$3"; }

# verdict NAME GOOD BAD CONDITION...: the condition is a command.
verdict() {
  local name=$1 good=$2 bad=$3
  shift 3
  if "$@" >/dev/null 2>&1; then report found "$name" "$good"; else
    report MISSING "$name" "$bad"
    missing=2
  fi
}

enough_disk() { venv_is_ready || [ "${1:-$NEEDED_DISK_MB}" -ge "$NEEDED_DISK_MB" ]; }

state_is_writable() { [ -w "$home" ] && { [ ! -e "$state" ] || [ -w "$state" ]; }; }

can_listen() { "$1" -c 'import socket; socket.socket().bind(("127.0.0.1", 0))'; }

doctor() {
  local free missing=0
  echo "Millrace in $home"
  find_jdk
  verdict "JDK $JAVA_VERSION" "$(jdk_version "$jdk") in $jdk" "$get_jdk" test -n "$jdk"
  find_python
  verdict Python "$("${python:-:}" --version 2>&1) at $python" "$get_python" test -n "$python"
  if [ -n "$python" ]; then
    verdict venv "the module that makes Python environments" "$get_venv" has_venv "$python"
    verdict ports "free ports on 127.0.0.1" "nothing can listen on 127.0.0.1: check the loopback interface" can_listen "$python"
  fi
  verdict git "$(git --version 2>/dev/null)" "install git (https://git-scm.com/downloads)" command -v git
  free=$(free_disk_mb "$home")
  verdict disk "${free:-?} MB free" "only $free MB free: the first start needs about $NEEDED_DISK_MB MB" enough_disk "$free"
  verdict folder "$state can be written" "$state cannot be written: check who owns it" state_is_writable
  if venv_is_ready; then report ready packages "Python and Node packages of the lock file"; else
    report later packages "the first start installs them from PyPI, about 800 MB (or now: ./millrace prepare)"
  fi
  if build_is_fresh; then report ready build "newer than every source"; else report later build "the next command builds what changed"; fi
  if [ $missing -eq 0 ]; then echo "All that is needed is here. Next: ./millrace demo"; else echo "Get what is MISSING, then run ./millrace doctor again."; fi
  return $missing
}
