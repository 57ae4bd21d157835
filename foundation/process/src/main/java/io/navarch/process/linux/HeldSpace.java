package io.navarch.process.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/// A file that is there for the space it takes.
public final class HeldSpace {
    // Flags of open: to write, a file that is made when there is none.
    private static final int WRITE = 1;
    private static final int CREATE = 0x40;
    private static final int CLOSE_ON_EXEC = 0x80000;
    private static final int FOR_OWNER = 0600;

    private HeldSpace() {}

    /// Nothing is written but where the file is; it is there as a whole or not at all.
    public static void take(Path file, long bytes) throws IOException {
        var fresh = file.resolveSibling(file.getFileName() + ".new");
        try {
            int opened = LibC.open(fresh.toString(), WRITE | CREATE | CLOSE_ON_EXEC, FOR_OWNER);
            try {
                LibC.allocate(opened, bytes);
            } finally {
                LibC.close(opened);
            }
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }
}
