#!/bin/sh
# Which load tester drives more: mojiload or redis-benchmark?  Both load the same redis-server
# with the same request, clients, depth and size of answer, in turns (A B B A), and each
# is measured by the requests it gets through a second and by its own CPU time for each.
#   mojiload-vs-redis.sh [ROUNDS]      MOJILOAD=program BENCH_REQUESTS=n
set -eu
rounds=${1:-3}
mojiload=${MOJILOAD:-build/mojiload}
requests=${BENCH_REQUESTS:-200000}
clients=50
answer_bytes=400

for program in redis-server redis-benchmark redis-cli; do
    command -v "$program" >/dev/null || { echo "mojiload-vs-redis: no $program, skipped"; exit 0; }
done
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null; rm -rf "$work"' EXIT

# A free port: the first on which a server stays up.
port=$((20000 + $$ % 10000))
for _ in 1 2 3 4 5 6 7 8 9 10; do
    redis-server --port $port --bind 127.0.0.1 --save '' --appendonly no >"$work/log" 2>&1 &
    server=$!
    tries=0
    while kill -0 $server 2>/dev/null && ! redis-cli -p $port ping >/dev/null 2>&1 && [ $tries -lt 50 ]; do
        sleep 0.1
        tries=$((tries + 1))
    done
    kill -0 $server 2>/dev/null && break
    server=
    port=$((port + 1))
done
[ -n "$server" ] || { echo "mojiload-vs-redis: redis-server does not start:"; cat "$work/log"; exit 1; }

# The answer ends in a pattern that occurs nowhere else in it.
value=$(printf "%${answer_bytes}s" '' | tr ' ' x)
redis-cli -p $port set answer "$value~end" >/dev/null
# shellcheck disable=SC2016 # the dollars are redis's
printf '%s\n' '*2\r\n$3\r\nGET\r\n$6\r\nanswer\r\n' >"$work/get.raw"

# CPU seconds of all children so far, into $cpu; not in a subshell, which has none.
children_cpu() {
    times >"$work/times"
    cpu=$(sed -n 2p "$work/times" | tr 'ms' '  ' | awk '{ print $1 * 60 + $2 + $3 * 60 + $4 }')
}

# measure NAME DEPTH: one line "requests/s  CPU us/request" into $work/NAME.DEPTH
measure() {
    children_cpu
    before=$cpu
    if [ "$1" = mojiload ]; then
        "$mojiload" --raw "$work/get.raw" --until '~end\r\n' --clients $clients --pipeline "$2" --requests "$requests" \
            --quiet --json "$work/json" "127.0.0.1:$port" >/dev/null || [ $? = 5 ]
        rate=$(sed -n 's/.*"ok_per_s":\([0-9.]*\).*/\1/p' "$work/json" | head -1)
    else
        rate=$(redis-benchmark -p $port -c $clients -P "$2" -n "$requests" --csv GET answer |
            awk -F'","' '/^"GET/ { print $2 }')
    fi
    children_cpu
    echo "$rate $before $cpu" | awk -v n="$requests" '{ printf "%.0f %.2f\n", $1, ($3 - $2) * 1e6 / n }' >>"$work/$1.$2"
}

median() { sort -n | awk '{ v[NR] = $1 } END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }
column() { awk -v c="$2" '{ print $c }' "$work/$1" | median; }

for depth in 1 16; do
    round=0
    while [ $round -lt "$rounds" ]; do
        if [ $((round % 2)) = 0 ]; then order='mojiload redis-benchmark'; else order='redis-benchmark mojiload'; fi
        for name in $order; do measure "$name" $depth; done
        round=$((round + 1))
    done
done

echo "$clients clients, answers of $answer_bytes bytes, $requests requests, median of $rounds rounds"
printf '%-16s %6s %14s %22s\n' '' depth requests/s 'own CPU us/request'
for depth in 1 16; do
    for name in mojiload redis-benchmark; do
        printf '%-16s %6s %14s %22s\n' $name $depth "$(column $name.$depth 1)" "$(column $name.$depth 2)"
    done
done
