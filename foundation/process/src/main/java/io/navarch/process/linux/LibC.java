package io.navarch.process.linux;

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

/// Functions of the C library. Each failure is an exception with the number of the error.
final class LibC {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final Linker.Option ERROR_NUMBER = Linker.Option.captureCallState("errno");
    private static final VarHandle ERROR =
            Linker.Option.captureStateLayout().varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private static final MethodHandle OPEN = function(
            "open", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT), Linker.Option.firstVariadicArg(2));
    private static final MethodHandle DUP2 = function("dup2", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle CLOSE = function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle FALLOCATE =
            function("fallocate", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle SOCKET =
            function("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle SEND_TO = function(
            "sendto", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT));

    private LibC() {}

    private static MethodHandle function(String name, FunctionDescriptor type, Linker.Option... more) {
        var options = new Linker.Option[more.length + 1];
        options[0] = ERROR_NUMBER;
        System.arraycopy(more, 0, options, 1, more.length);
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), type, options);
    }

    private interface Call {
        /// @param state takes the number of the error
        long in(Arena arena, MemorySegment state) throws Throwable;
    }

    private static long call(String what, Call call) throws IOException {
        try (var arena = Arena.ofConfined()) {
            var state = arena.allocate(Linker.Option.captureStateLayout());
            long result = call.in(arena, state);
            if (result < 0) throw new IOException(what + ": error " + (int) ERROR.get(state, 0L));
            return result;
        } catch (IOException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    static int open(String path, int flags, int mode) throws IOException {
        if (path.indexOf('\0') >= 0) throw new IOException("a zero byte in a path");
        return (int) call(
                "open " + path, (arena, state) -> (int) OPEN.invokeExact(state, arena.allocateFrom(path), flags, mode));
    }

    static void dup2(int from, int to) throws IOException {
        call("dup2", (arena, state) -> (int) DUP2.invokeExact(state, from, to));
    }

    static void close(int descriptor) throws IOException {
        call("close", (arena, state) -> (int) CLOSE.invokeExact(state, descriptor));
    }

    /// Gives a file blocks of the disk, which nobody writes to.
    static void allocate(int descriptor, long bytes) throws IOException {
        call("fallocate", (arena, state) -> (int) FALLOCATE.invokeExact(state, descriptor, 0, 0L, bytes));
    }

    static int socket(int domain, int type) throws IOException {
        return (int) call("socket", (arena, state) -> (int) SOCKET.invokeExact(state, domain, type, 0));
    }

    /// @param address as the kernel has it, its family first
    static void sendTo(int socket, byte[] message, int flags, byte[] address) throws IOException {
        call("sendto", (arena, state) -> {
            var bytes = arena.allocate(message.length + 1L);
            bytes.copyFrom(MemorySegment.ofArray(message));
            var target = arena.allocate(address.length, Short.BYTES);
            target.copyFrom(MemorySegment.ofArray(address));
            return (long)
                    SEND_TO.invokeExact(state, socket, bytes, (long) message.length, flags, target, address.length);
        });
    }
}
