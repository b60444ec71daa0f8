#!/bin/sh
# clean-up.sh: takes away what belongs to one machine, before an image is made of it. ROOT is a prefix of all paths,
# for tests.
set -eu
root=${ROOT:-}

# Else each machine would say to ECS that it is this one.
systemctl stop ecs.service
rm -rf "$root"/var/lib/ecs/data/*
dnf clean all --quiet
rm -rf "$root"/tmp/provision "$root"/var/lib/cloud/instances "$root"/var/lib/cloud/instance
rm -f "$root"/etc/ssh/ssh_host_* "$root"/root/.ssh/authorized_keys "$root"/home/ec2-user/.ssh/authorized_keys
find "$root/var/log" -type f -exec truncate --size 0 {} +
