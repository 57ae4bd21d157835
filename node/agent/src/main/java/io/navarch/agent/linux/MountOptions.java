package io.navarch.agent.linux;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What the kernel is told of one place where something is shown.
///
/// @param flags of `mount`
public record MountOptions(long flags) {
    public static final MountOptions NONE = new MountOptions(0);

    private static final long READ_ONLY = 1;
    private static final Map<String, Long> KNOWN = Map.of(
            "ro", READ_ONLY,
            "nosuid", 2L,
            "nodev", 4L,
            "noexec", 8L,
            "noatime", 1024L,
            "nodiratime", 2048L,
            "relatime", Kernel.RELATIVE_TIMES);
    private static final Set<String> WITHOUT_EFFECT = Set.of("bind", "defaults", "rw", "suid", "dev", "exec");

    /// Empty when one of them is something else.
    public static Optional<MountOptions> parse(List<String> options) {
        long flags = 0;
        for (var option : options) {
            if (WITHOUT_EFFECT.contains(option)) continue;
            var flag = KNOWN.get(option);
            if (flag == null) return Optional.empty();
            flags |= flag;
        }
        return Optional.of(new MountOptions(flags));
    }

    public MountOptions readOnly() {
        return new MountOptions(flags | READ_ONLY);
    }
}
