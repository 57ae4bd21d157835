#!/bin/sh
# Runs a program and starts it again whenever it ends: supervise DIRECTORY NAME MARK COMMAND [ARGUMENT]...
#
# NAME is "server" or "agent". In DIRECTORY are kept: NAME.pid, who runs; NAME.log, what it says, the older parts as
# NAME.log.1 to .5; NAME.state, what happened, a line a value; NAME.beat, into which the program writes its pid and a
# number that grows as long as it answers; NAME.lock, held while this script runs. A process with this pid is still the
# program only if its command line holds MARK and DIRECTORY.
#
# SIGTERM and SIGINT end the program and this script, SIGUSR1 ends a wait before the next start, SIGQUIT is passed on.
#
# Beside it a second shell of the same script looks whether the program hangs, and whether the first is still there: if
# not it takes its place. It is called as supervise DIRECTORY NAME MARK --watch SUPERVISOR PROGRAM COMMAND [ARGUMENT]...
set -u

dir=$1
name=$2
mark=$3
shift 3
log=$dir/$name.log
most=10485760 # bytes of a log
kept=5
look=${NAVARCH_SUPERVISE_LOOK:-15} # seconds
silence=4 # of so many looks means that the program hangs
patience=40 # the same for one that has never answered

exec </dev/null >/dev/null 2>&1
trap '' HUP

nap() {
    sleep "$1" 9>&- &
    napping=$!
    wait "$napping"
    kill "$napping" 2>/dev/null
}

# The start of a process in ticks since the machine's, as a pid alone may be another's by now; 0 for one that has ended,
# also when nobody has asked how yet.
ticks() {
    stat=$(cat "/proc/$1/stat") || { echo 0; return; }
    # shellcheck disable=SC2086
    set -- ${stat##*) }
    [ "$1" = Z ] && echo 0 || echo "${20}"
}

# Ends the program when it has said nothing new for too long. What it does shows in the log before.
watch() {
    napping= before= still=0
    trap 'kill "$napping"; exit' TERM
    trap '' INT QUIT USR1
    while [ "$(ticks "$program")" != 0 ] && [ "$(ticks "$supervisor")" != 0 ]; do
        nap "$look"
        now=
        read -r now <"$dir/$name.beat" || continue
        case $now in
            "$program 0") limit=$patience ;;
            "$program "*) limit=$silence ;;
            *) continue ;; # it could not be written: nothing is known
        esac
        if [ "$now" = "$before" ]; then still=$((still + 1)); else still=0; fi
        before=$now
        [ "$still" -ge "$limit" ] || continue
        kill -QUIT "$program"
        nap 1
        : >"$dir/$name.hung"
        kill -KILL "$program"
        exit
    done
    [ "$(ticks "$supervisor")" = 0 ] || exit
    # It may have died before it wrote down what it had started, and what it had just called may still hold its lock.
    [ "$(ticks "$program")" = 0 ] || echo "$program" >"$dir/$name.pid"
    exec 9>>"$dir/$name.lock"
    flock -w 10 9
    exec 9>&-
    trap - TERM INT QUIT USR1
    exec sh "$0" "$dir" "$name" "$mark" "$@"
}

if [ "$1" = --watch ]; then
    supervisor=$2
    program=$3
    shift 3
    watch "$@"
fi

exec 9>>"$dir/$name.lock"
flock -n 9 || exit 75

pid=0 restarts=0 failures=0 died=0 why= last= stopping= hurry= wait_until=0

uptime_seconds() {
    read -r up _ <"/proc/uptime"
    echo "${up%%.*}"
}

own=$(ticks $$)

tell() {
    printf '%s\n' "phase=$1" "supervisor=$$ $own" "restarts=$restarts" "died=$died" "why=$why" "last=$last" \
        "next=$wait_until" >"$dir/$name.state.new" && mv -f "$dir/$name.state.new" "$dir/$name.state"
}

note() {
    printf '%s I Supervisor: %s\n' "$(date -u +%Y-%m-%dT%H:%M:%S.000Z)" "$*" >>"$log"
}

# Only while nobody writes: a program that runs exchanges the files itself.
rotate() {
    [ -f "$log" ] && [ "$(wc -c <"$log")" -ge "$most" ] || return 0
    n=$kept
    while [ "$n" -gt 1 ]; do
        [ -f "$log.$((n - 1))" ] && mv -f "$log.$((n - 1))" "$log.$n"
        n=$((n - 1))
    done
    mv -f "$log" "$log.1"
}

last_line() {
    tail -c 4096 "$log" | grep -v -e '^[[:space:]]*$' -e ' Supervisor: ' | tail -n 1 | tr -d '\000-\037\177' | cut -c 1-300
}

# Whether this pid is the program, started by somebody before.
ours() {
    [ "$1" -gt 1 ] && line=$(tr '\0' ' ' <"/proc/$1/cmdline" 2>/dev/null) || return 1
    case $line in *"$mark"*"$dir"*) return 0 ;; esac
    return 1
}

watch_over() {
    sh "$0" "$dir" "$name" "$mark" --watch "$$" "$pid" "$@" 9>&- &
    watcher=$!
}

# Why it ended, when nobody could say how. An end that was asked for is none that is told of.
ended() {
    kill "$watcher"
    [ -z "$stopping" ] || return 0
    why=$1
    [ -f "$dir/$name.hung" ] || return 0
    why="did not answer for a minute and was killed"
    rm -f "$dir/$name.hung"
}

run() {
    rotate
    rm -f "$dir/$name.hung"
    "$@" >>"$log" 2>&1 9>&- &
    pid=$!
    # First of all: from here on somebody follows when this shell dies.
    watch_over "$@"
    printf '%-40s\n' "$pid 0" >"$dir/$name.beat"
    tell running
    echo "$pid" >"$dir/$name.pid"
    [ -z "$stopping" ] || kill -TERM "$pid"
    while :; do
        wait "$pid"
        code=$?
        kill -0 "$pid" || break
    done
    if [ "$code" -gt 128 ]; then
        ended "signal $((code - 128)) (SIG$(kill -l $((code - 128))))"
    else
        ended "exit code $code"
    fi
}

# One that an earlier supervisor has started: nobody will say how it ends.
adopt() {
    code=0
    began=$(ticks "$pid")
    watch_over "$@"
    tell running
    while [ "$began" != 0 ] && [ "$(ticks "$pid")" = "$began" ]; do nap 1; done
    ended "unknown, its supervisor had ended before it"
}

trap 'stopping=1; [ "$pid" = 0 ] || kill -TERM "$pid"' TERM INT
trap 'hurry=1' USR1
trap '[ "$pid" = 0 ] || kill -QUIT "$pid"' QUIT

# What a supervisor has written down that ended before its program did.
number() { case $1 in '' | *[!0-9]*) echo 0 ;; *) echo "$1" ;; esac; }
while IFS='=' read -r key value; do
    case $key in
        restarts) restarts=$(number "$value") ;;
        died) died=$(number "$value") ;;
        why) why=$value ;;
        last) last=$value ;;
    esac
done <"$dir/$name.state"

former=
read -r former <"$dir/$name.pid"
former=$(number "$former")
if [ "$former" -gt 0 ] && ! ours "$former"; then
    died=$(date -r "$dir/$name.beat" +%s || date +%s)
    why="unknown, nobody looked"
    last=$(last_line)
    restarts=$((restarts + 1))
    note "$name had ended: $why"
fi
while [ -z "$stopping" ]; do
    since=$(uptime_seconds)
    if ours "$former"; then
        pid=$former
        adopt "$@"
    else
        run "$@"
    fi
    former=0 pid=0
    rm -f "$dir/$name.pid"
    [ -z "$stopping" ] || break
    died=$(date +%s)
    last=$(last_line)
    note "$name ended: $why"
    case $code in
        2 | 78)
            # Wrong usage or a directory that it refuses: the next start would end the same way.
            tell refused
            exit "$code"
            ;;
    esac
    [ $(($(uptime_seconds) - since)) -lt 60 ] || failures=0
    # At once, then after 1 s, 2 s, 4 s and so on up to 30 s.
    pause=$((failures == 0 ? 0 : failures > 5 ? 30 : 1 << (failures - 1)))
    failures=$((failures + 1))
    if [ "$pause" -gt 0 ]; then
        wait_until=$((died + pause))
        hurry=
        tell waiting
        [ -n "$stopping$hurry" ] || nap "$pause"
        wait_until=0
    fi
    hurry=
    restarts=$((restarts + 1))
done
tell stopped
