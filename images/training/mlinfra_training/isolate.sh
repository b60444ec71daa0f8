# Runs a command that sees only the folders named: isolate.sh ROOT WORK READ_ONLY... -- COMMAND...
#
# Called by sandbox.py inside namespaces of its own (unshare), where these mounts are allowed without
# being root and where nobody else sees them. ROOT is an empty folder to build the new root in, WORK the
# one folder the command may write to, READ_ONLY what it may read (Python and its libraries).
set -e
root=$1
work=$2
shift 2

mount -t tmpfs tmpfs "$root"
while [ "$1" != "--" ]; do
    if [ -L "$1" ]; then # /lib is a link to usr/lib on most systems
        mkdir -p "$root$(dirname "$1")"
        ln -s "$(readlink "$1")" "$root$1"
    elif [ -d "$1" ]; then
        mkdir -p "$root$1"
        mount --bind -o ro "$1" "$root$1"
    fi
    shift
done
shift

mkdir -p "$root$work" "$root/proc" "$root/dev" "$root/.old"
mount --bind "$work" "$root$work"
mount -t proc proc "$root/proc" # of its own process namespace: other processes' environments stay hidden
touch "$root/dev/null"
mount --bind /dev/null "$root/dev/null"

# Unlike chroot, this leaves no way back: the old root is not merely hidden but unmounted.
cd "$root"
pivot_root . .old
umount -l /.old
cd "$work"
# Without capabilities the command cannot undo any of the above.
exec setpriv --no-new-privs --bounding-set=-all --inh-caps=-all "$@"
