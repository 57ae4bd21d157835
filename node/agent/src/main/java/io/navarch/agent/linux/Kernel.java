package io.navarch.agent.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.file.NoSuchFileException;
import java.util.Map;
import java.util.Set;

/// The system calls that Java has nothing for.
final class Kernel {
    /// Instead of a directory's descriptor: paths are those of the process.
    static final int NO_DIRECTORY = -100;

    // Flags of open.
    static final long PATH_ONLY = 0x200000;
    static final long DIRECTORY = 0x10000;
    /// A link is opened itself, together with [#PATH_ONLY].
    static final long NO_FOLLOW = 0x20000;
    private static final long CLOSE_ON_EXEC = 0x80000;

    // What openat2 lets a path do.
    static final long BENEATH = 0x08;
    static final long NO_SYMLINKS = 0x04;
    static final long NO_MAGIC_LINKS = 0x02;
    static final long NO_OTHER_MOUNT = 0x01;

    // Flags of mount.
    static final long READ_ONLY = 1;
    static final long BIND = 4096;
    static final long REMOUNT = 32;
    static final long RELATIVE_TIMES = 1 << 21;
    /// What is mounted on the other side comes here, and nothing goes there.
    static final long SLAVE = 1 << 19;
    static final long SHARED = 1 << 20;

    /// The same number on every architecture.
    private static final long OPENAT2 = 437;

    /// At once for those who look, in truth when nobody uses it any more.
    private static final int DETACH = 2;
    private static final int UNMOUNT_NO_FOLLOW = 8;

    private static final int STATFS_WORDS = 16;

    // Flags of open for files that are to be read or written.
    private static final long READ = 0;
    private static final long WRITE = 1;

    /// The request of ioctl that lets a file share the contents of another one (FICLONE).
    private static final long SHARE = 0x40049409L;

    /// What says that contents cannot be shared here: another file system, or one that cannot do it.
    private static final Set<Integer> NO_SHARING = Set.of(1, 18, 22, 25, 38, 95);

    private static final int ABSENT = 2;
    private static final int AGAIN = 11;
    private static final int MOST_TRIES = 32;

    private static final Map<Integer, String> ERRORS = Map.of(
            1, "operation not permitted",
            13, "permission denied",
            17, "file exists",
            18, "the path leads out of the directory",
            20, "not a directory",
            28, "no space left on device",
            22, "invalid argument",
            38, "the kernel has no such call",
            40, "a symbolic link is in the way");

    private static final Linker LINKER = Linker.nativeLinker();
    private static final Linker.Option ERROR_NUMBER = Linker.Option.captureCallState("errno");
    private static final VarHandle ERROR =
            Linker.Option.captureStateLayout().varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private static final MethodHandle SYSTEM_CALL = function(
            "syscall",
            FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG),
            ERROR_NUMBER,
            Linker.Option.firstVariadicArg(1));
    private static final MethodHandle CLOSE =
            function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT), ERROR_NUMBER);
    private static final MethodHandle MOUNT = function(
            "mount", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS), ERROR_NUMBER);
    private static final MethodHandle SPACE =
            function("statfs", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS), ERROR_NUMBER);
    private static final MethodHandle UNMOUNT =
            function("umount2", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT), ERROR_NUMBER);

    private static final MethodHandle CONTROL = function(
            "ioctl",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT),
            ERROR_NUMBER,
            Linker.Option.firstVariadicArg(2));
    private static final MethodHandle FLUSH =
            function("syncfs", FunctionDescriptor.of(JAVA_INT, JAVA_INT), ERROR_NUMBER);

    private static final MethodHandle KILL =
            function("kill", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT), ERROR_NUMBER);
    private static final int SIGKILL = 9;

    private Kernel() {}

    private static MethodHandle function(String name, FunctionDescriptor type, Linker.Option... options) {
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), type, options);
    }

    /// @param resolve what the path may not do
    static int open(int directory, String path, long flags, long resolve) throws IOException {
        for (int tries = 1; ; tries++) {
            try (var arena = Arena.ofConfined()) {
                var how = arena.allocate(JAVA_LONG, 3);
                how.setAtIndex(JAVA_LONG, 0, flags | CLOSE_ON_EXEC);
                how.setAtIndex(JAVA_LONG, 2, resolve);
                var state = arena.allocate(Linker.Option.captureStateLayout());
                long result = (long)
                        SYSTEM_CALL.invokeExact(state, OPENAT2, directory, text(arena, path), how, how.byteSize());
                if (result >= 0) return (int) result;
                // Somebody renames while the kernel looks; it cannot tell whether the path led out.
                if (error(state) != AGAIN || tries == MOST_TRIES) throw failure("open", path, state);
            } catch (IOException | RuntimeException | Error e) {
                throw e;
            } catch (Throwable e) {
                throw new AssertionError(e);
            }
        }
    }

    static void close(int descriptor) {
        try (var arena = Arena.ofConfined()) {
            int ignored = (int) CLOSE.invokeExact(arena.allocate(Linker.Option.captureStateLayout()), descriptor);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /// Ends all processes of a group; nobody may be left in it.
    static void endGroup(long leader) {
        // With a minus, 1 would be everybody, and 0 this process' own.
        if (leader <= 1) throw new IllegalArgumentException("no group of a program: " + leader);
        try (var arena = Arena.ofConfined()) {
            int ignored = (int) KILL.invokeExact(
                    arena.allocate(Linker.Option.captureStateLayout()), -Math.toIntExact(leader), SIGKILL);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    static void mount(String source, String target, String type, long flags, String data) throws IOException {
        try (var arena = Arena.ofConfined()) {
            var state = arena.allocate(Linker.Option.captureStateLayout());
            int result = (int) MOUNT.invokeExact(
                    state, text(arena, source), text(arena, target), text(arena, type), flags, text(arena, data));
            if (result != 0) throw failure("mount", target, state);
        } catch (IOException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    static void unmount(String target) throws IOException {
        try (var arena = Arena.ofConfined()) {
            var state = arena.allocate(Linker.Option.captureStateLayout());
            int result = (int) UNMOUNT.invokeExact(state, text(arena, target), DETACH | UNMOUNT_NO_FOLLOW);
            if (result != 0) throw failure("unmount", target, state);
        } catch (IOException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /// Lets a file have the contents of another one without copying them. Both are regular files, by paths that only
    /// the node's own programs can change. False where that cannot be done.
    static boolean shareContents(String from, String into) throws IOException {
        int source = open(NO_DIRECTORY, from, READ, 0);
        try {
            int target = open(NO_DIRECTORY, into, WRITE, 0);
            try (var arena = Arena.ofConfined()) {
                var state = arena.allocate(Linker.Option.captureStateLayout());
                int result = (int) CONTROL.invokeExact(state, target, SHARE, source);
                if (result == 0) return true;
                if (NO_SHARING.contains(error(state))) return false;
                throw failure("share", into, state);
            } catch (IOException | RuntimeException | Error e) {
                throw e;
            } catch (Throwable e) {
                throw new AssertionError(e);
            } finally {
                close(target);
            }
        } finally {
            close(source);
        }
    }

    /// Writes all to its disk that is on the file system of a directory.
    static void flushFileSystem(String directory) throws IOException {
        int descriptor = open(NO_DIRECTORY, directory, READ | DIRECTORY, 0);
        try (var arena = Arena.ofConfined()) {
            var state = arena.allocate(Linker.Option.captureStateLayout());
            int result = (int) FLUSH.invokeExact(state, descriptor);
            if (result != 0) throw failure("syncfs", directory, state);
        } catch (IOException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        } finally {
            close(descriptor);
        }
    }

    /// The words of `struct statfs` of the file system that a path is on, which are the same on all machines of 64
    /// bits.
    static long[] space(String path) throws IOException {
        try (var arena = Arena.ofConfined()) {
            var words = arena.allocate(JAVA_LONG, STATFS_WORDS);
            var state = arena.allocate(Linker.Option.captureStateLayout());
            int result = (int) SPACE.invokeExact(state, text(arena, path), words);
            if (result != 0) throw failure("statfs", path, state);
            return words.toArray(JAVA_LONG);
        } catch (IOException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /// Ends at the first zero for the kernel: a text with one in it is refused, not cut.
    private static MemorySegment text(Arena arena, String text) throws IOException {
        if (text.indexOf('\0') >= 0) throw new IOException("a zero byte in a path");
        return arena.allocateFrom(text);
    }

    private static int error(MemorySegment state) {
        return (int) ERROR.get(state, 0L);
    }

    private static IOException failure(String what, String path, MemorySegment state) {
        int number = error(state);
        if (number == ABSENT) return new NoSuchFileException(path);
        return new IOException(what + " " + path + ": " + ERRORS.getOrDefault(number, "error " + number));
    }
}
