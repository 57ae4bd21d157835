package io.navarch.agent.stats;

import io.navarch.agent.linux.FileSystemSpace;
import io.navarch.agent.stats.NodeUsage.Disk;
import io.navarch.objects.ObjectKey;

/// What is behind a pod's claim, and how much of it is taken.
///
/// @param volume the pod's name for it
public record ClaimUsage(String volume, ObjectKey claim, FileSystemSpace space, Disk used) {}
