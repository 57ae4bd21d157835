package io.navarch.agent.volumes;

import io.navarch.agent.csi.CsiDrivers;
import io.navarch.agent.linux.BoundedCalls;
import io.navarch.agent.linux.LongWork;
import java.util.Set;

/// What those who deal with drivers' volumes share.
///
/// @param staged the volumes that this agent has had made ready for the node, by their unique names: what an earlier
/// one
///     has done may have gone with the machine's last start
/// @param calls to whatever drivers show
/// @param work on all files of a volume
record CsiParts(
        CsiDirectories directories,
        CsiDrivers drivers,
        CsiObjects objects,
        AttachWait attachments,
        String node,
        KeyedLocks locks,
        Set<String> staged,
        BoundedCalls calls,
        LongWork work) {}
