package io.navarch.crash;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/// Makes a mounted ext4 stop as if its power had gone: nothing that is in memory reaches the device any more, neither
/// data nor the journal's open transaction, and whoever writes or waits is told that it has failed.
final class Power {
    /// `EXT4_IOC_SHUTDOWN`, and its word for not even writing the journal.
    private static final long SHUTDOWN = 0x8004587DL;

    private static final int NO_LOG_FLUSH = 2;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final MethodHandle OPEN =
            function("open", 2, FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
    private static final MethodHandle CLOSE =
            function("close", 1, FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    private static final MethodHandle CONTROL = function(
            "ioctl",
            2,
            FunctionDescriptor.of(
                    ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.ADDRESS));

    private Power() {}

    private static MethodHandle function(String name, int fixed, FunctionDescriptor type) {
        var address = LINKER.defaultLookup().findOrThrow(name);
        return fixed < type.argumentLayouts().size() || name.equals("open")
                ? LINKER.downcallHandle(address, type, Linker.Option.firstVariadicArg(fixed))
                : LINKER.downcallHandle(address, type);
    }

    static void cut(Path mounted) throws IOException {
        try (var arena = Arena.ofConfined()) {
            int file = (int) OPEN.invokeExact(arena.allocateFrom(mounted.toString()), 0);
            if (file < 0) throw new IOException("cannot open " + mounted);
            MemorySegment how = arena.allocateFrom(ValueLayout.JAVA_INT, NO_LOG_FLUSH);
            int failed = (int) CONTROL.invokeExact(file, SHUTDOWN, how);
            int closed = (int) CLOSE.invokeExact(file);
            if (failed != 0 || closed != 0) throw new IOException("cannot cut the power of " + mounted);
        } catch (IOException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IOException(e);
        }
    }
}
