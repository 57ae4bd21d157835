package io.navarch.agent.linux;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/// A file system whose server does not answer: whoever looks at it waits until this is closed.
public final class DeadFileSystem implements AutoCloseable {
    private static final long READ_AND_WRITE = 2;

    private final int connection;

    private DeadFileSystem(int connection) {
        this.connection = connection;
    }

    /// Mounts one, where the machine can.
    public static DeadFileSystem at(Path place) throws IOException {
        var system = new DeadFileSystem(connection());
        Kernel.mount(
                "dead",
                place.toString(),
                "fuse",
                0,
                "fd=" + system.connection + ",rootmode=40000,user_id=0,group_id=0");
        return system;
    }

    private static int connection() {
        try {
            return Kernel.open(Kernel.NO_DIRECTORY, "/dev/fuse", READ_AND_WRITE, 0);
        } catch (IOException e) {
            return Assumptions.abort("no file systems of programs here: " + e.getMessage());
        }
    }

    @Override
    public void close() {
        Kernel.close(connection);
    }
}
