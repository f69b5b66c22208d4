# Signals process groups for the AppHost and, once the AppHost is gone in whatever way, ends them all:
# standard input closes with it. Lines: watch STAGE SIGNAL PID | forget PID | signal SIGNAL PID | remove FOLDER
trap '' INT TERM HUP QUIT
watched=''
folder=''

# A zombie that nobody reaps still answers kill -0.
alive() {
    case $(cat "/proc/$1/stat" 2>/dev/null) in *') Z '* | *') X '*) return 1 ;; esac
    kill -0 "$1" 2>/dev/null
}

signal_stage() { # STAGE [SIGNAL]
    for entry in $watched; do
        rest=${entry#*:}
        [ "${entry%%:*}" = "$1" ] && kill -s "${2:-${rest%%:*}}" -- "-${entry##*:}" 2>/dev/null
    done
}

stage_alive() { # STAGE
    for entry in $watched; do
        [ "${entry%%:*}" = "$1" ] && alive "${entry##*:}" && return 0
    done
    return 1
}

while read -r verb rest; do
    case $verb in
    remove) folder=$rest; continue ;;
    esac
    set -- $rest
    case $verb in
    watch) watched="$watched $1:$2:$3" ;;
    signal) kill -s "$1" -- "-$2" 2>/dev/null ;;
    forget)
        kept=''
        for entry in $watched; do [ "${entry##*:}" = "$1" ] || kept="$kept $entry"; done
        watched=$kept
        ;;
    esac
done

for stage in 1 2 3; do
    signal_stage "$stage"
    tries=0
    while stage_alive "$stage" && [ "$tries" -lt 150 ]; do
        sleep 0.1
        tries=$((tries + 1))
    done
    signal_stage "$stage" KILL
done
[ -z "$folder" ] || rm -rf -- "$folder"
