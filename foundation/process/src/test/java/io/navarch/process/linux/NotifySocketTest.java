package io.navarch.process.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// With a socket of the kernel, as systemd has one.
class NotifySocketTest {
    private static MethodHandle function(String name, FunctionDescriptor type) {
        var linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), type);
    }

    /// A datagram socket of this name.
    private record Listening(int socket) implements AutoCloseable {
        static Listening at(NotifySocket name) throws Throwable {
            int socket = LibC.socket(1, 2);
            var bind = function("bind", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
            try (var arena = Arena.ofConfined()) {
                var address = arena.allocate(name.address().length, 2);
                address.copyFrom(MemorySegment.ofArray(name.address()));
                assertThat((int) bind.invokeExact(socket, address, name.address().length))
                        .isZero();
            }
            return new Listening(socket);
        }

        /// What has come; it need not be waited for.
        String message() throws Throwable {
            var receive = function("recv", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
            try (var arena = Arena.ofConfined()) {
                var bytes = arena.allocate(1000);
                int doNotWait = 0x40;
                long length = (long) receive.invokeExact(socket, bytes, 1000L, doNotWait);
                if (length < 0) return "nothing";
                return StandardCharsets.UTF_8
                        .decode(bytes.asSlice(0, length).asByteBuffer())
                        .toString();
            }
        }

        @Override
        public void close() throws IOException {
            LibC.close(socket);
        }
    }

    private static NotifySocket named(String name) {
        return NotifySocket.of(Map.of("NOTIFY_SOCKET", name)).orElseThrow();
    }

    @Test
    void systemdHearsThroughASocketInADirectory(@TempDir Path directory) throws Throwable {
        var socket = named(directory.resolve("notify").toString());
        try (var systemd = Listening.at(socket)) {
            assertThat(systemd.message()).isEqualTo("nothing");
            socket.tell("READY=1", "STATUS=serves\nWATCHDOG=trigger");
            socket.tell("WATCHDOG=1");
            assertThat(systemd.message()).isEqualTo("READY=1\nSTATUS=serves WATCHDOG=trigger\n");
            assertThat(systemd.message()).isEqualTo("WATCHDOG=1\n");
        }
    }

    @Test
    void systemdHearsThroughASocketWithoutAFile(@TempDir Path directory) throws Throwable {
        var socket = named("@navarch/" + directory.getFileName());
        try (var systemd = Listening.at(socket)) {
            socket.tell("STOPPING=1");
            assertThat(systemd.message()).isEqualTo("STOPPING=1\n");
        }
    }

    @Test
    void nobodyListensAnyMore(@TempDir Path directory) {
        var socket = named(directory.resolve("notify").toString());
        assertThatThrownBy(() -> socket.tell("READY=1")).isInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "@", "relative", "vsock:2:1234", "/nul\0l"})
    void otherNamesAreNobody(String name) {
        assertThat(NotifySocket.of(Map.of("NOTIFY_SOCKET", name))).isEmpty();
    }

    @Test
    void aNameIsNoLongerThanTheKernelTakes() {
        assertThat(NotifySocket.of(Map.of("NOTIFY_SOCKET", "/" + "n".repeat(106))))
                .isPresent();
        assertThat(NotifySocket.of(Map.of("NOTIFY_SOCKET", "/" + "n".repeat(107))))
                .isEmpty();
        assertThat(NotifySocket.of(Map.of("NOTIFY_SOCKET", "@" + "n".repeat(107))))
                .isPresent();
        assertThat(NotifySocket.of(Map.of())).isEmpty();
    }

    @Test
    void theWatchdogAsksOneProcess() {
        var asked = Map.of("WATCHDOG_USEC", "30000000", "WATCHDOG_PID", "7");
        assertThat(NotifySocket.watchdog(asked, 7)).contains(Duration.ofSeconds(30));
        assertThat(NotifySocket.watchdog(asked, 8)).isEmpty();
        assertThat(NotifySocket.watchdog(Map.of("WATCHDOG_USEC", "5"), 8)).contains(Duration.ofNanos(5000));
        assertThat(NotifySocket.watchdog(Map.of("WATCHDOG_USEC", "often"), 8)).isEmpty();
        assertThat(NotifySocket.watchdog(Map.of(), 8)).isEmpty();
    }
}
