package io.navarch.agent.linux;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// A program and whatever it begins, which is ended as a whole: also those whose parent has ended already, that nobody
/// would find among its descendants.
///
/// @param leader whose number the group has
public record ProcessGroup(Process leader) {
    /// Starts what is to be built, in a group of its own.
    public static ProcessGroup start(ProcessBuilder builder) throws IOException {
        var command = new ArrayList<>(List.of("setsid"));
        command.addAll(builder.command());
        return new ProcessGroup(builder.command(command).start());
    }

    /// Ends all that are in it, and those of them that have left it and whose parent is still there.
    public void end() {
        leader.descendants().forEach(ProcessHandle::destroyForcibly);
        Kernel.endGroup(leader.pid());
        // It may not have come to having a group.
        leader.destroyForcibly();
    }
}
