# Commands for no_shared_writes.sh, in a backend that has the advisor loaded.
set confirm off
set pagination off
set print thread-events off
handle SIGUSR1 SIGUSR2 SIGALRM SIGURG nostop noprint pass

# set_access ADDRESS LENGTH PROTECTION: of all pages that hold a byte of it.
define set_access
    set $first = (unsigned long) ($arg0) & ~4095UL
    set $end = ((unsigned long) ($arg0) + ($arg1) + 4095) & ~4095UL
    if (int) mprotect($first, $end - $first, $arg2) != 0
        echo mprotect failed\n
        quit 1
    end
    printf "%s: %lu bytes at 0x%lx\n", $arg2 == 1 ? "read-only" : "writable", $end - $first, $first
end

define set_locks_access
    set $shared = 'pg_advisor::store::shared'
    set_access $shared->locks (($shared->partitions+1)*sizeof(LWLockPadded)) $arg0
end

define protect
    set_locks_access 1
    set_access $shared $shared->total_size 1
end

# What the backend has counted and not handed over.
define show_pending
    set $calls = 0
    set $i = 0
    while $i <= 'pg_advisor::capture::table_mask'
        set $calls = $calls + 'pg_advisor::capture::table'[$i].counters.calls
        set $i = $i + 1
    end
    printf "waiting in the backend: %ld calls\n", $calls
end

define make_flush_due
    set variable 'pg_advisor::settings::flush_interval_ms' = 0
end

define show_two_faults
    continue
    echo fault 1\n
    backtrace 4
    echo end\n
    set_locks_access 3
    # Without the signal, so that it tries again.
    signal 0
    echo fault 2\n
    backtrace 4
    echo end\n
end
