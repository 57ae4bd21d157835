package io.navarch.process.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.function.IntConsumer;

/// The file that a process's standard output and error go to, and with them what the JVM itself says. When it is full
/// it is renamed, and both streams go to a fresh one: every line is in one of the files, and no file is cut.
///
/// @param file the newest part; older ones are `file.1` and so on
/// @param most bytes of one part, about
/// @param kept older parts
public record OutputFile(Path file, long most, int kept) {
    private static final long USUAL_MOST = 10 << 20;
    private static final int USUAL_KEPT = 5;

    /// So often is looked how long the file is.
    private static final int BETWEEN_LOOKS = 64 << 10;

    // Flags of open: to write, at the end of the file, which is made when there is none.
    private static final int WRITE = 1;
    private static final int CREATE = 0x40;
    private static final int APPEND = 0x400;
    private static final int CLOSE_ON_EXEC = 0x80000;
    private static final int FOR_OWNER = 0600;

    private static final int OUTPUT = 1;
    private static final int ERROR = 2;

    public static OutputFile usual(Path file) {
        return new OutputFile(file, USUAL_MOST, USUAL_KEPT);
    }

    /// Makes it the one that both streams go to, unless it is already.
    public void take() throws IOException {
        if (Files.exists(file) && Files.isSameFile(file, Path.of("/proc/self/fd/" + ERROR))) return;
        redirect();
    }

    private void redirect() throws IOException {
        int opened = LibC.open(file.toString(), WRITE | CREATE | APPEND | CLOSE_ON_EXEC, FOR_OWNER);
        try {
            LibC.dup2(opened, OUTPUT);
            LibC.dup2(opened, ERROR);
        } finally {
            LibC.close(opened);
        }
    }

    /// Renames a full file; for one that nobody has open.
    ///
    /// @return whether it was full
    public boolean rotate() throws IOException {
        if (!Files.exists(file) || Files.size(file) < most) return false;
        for (int i = kept; i > 0; i--) {
            var older = i == 1 ? file : part(i - 1);
            if (Files.exists(older)) Files.move(older, part(i), StandardCopyOption.REPLACE_EXISTING);
        }
        return true;
    }

    private Path part(int number) {
        return file.resolveSibling(file.getFileName() + "." + number);
    }

    /// Hears how much was written, and exchanges the file when it is full. When that fails, the old one grows on.
    public IntConsumer meter() {
        return new IntConsumer() {
            private long written;

            @Override
            public synchronized void accept(int bytes) {
                written += bytes;
                if (written < Math.min(BETWEEN_LOOKS, most)) return;
                written = 0;
                try {
                    if (rotate() || !Files.exists(file)) redirect();
                } catch (IOException e) {
                    System.err.println("navarch: the log cannot be exchanged: " + e.getMessage());
                }
            }
        };
    }
}
