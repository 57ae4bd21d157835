package io.navarch.agent.volumes;

import io.navarch.agent.csi.CsiDrivers;

/// What those who deal with drivers' volumes share.
record CsiParts(
        CsiDirectories directories,
        CsiDrivers drivers,
        CsiObjects objects,
        AttachWait attachments,
        String node,
        KeyedLocks locks) {}
