package io.navarch.crash.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SessionTest {
    private static final String READY = "Z:I";
    private final List<String> asked = new ArrayList<>();
    /// What each question is answered with: messages as `TYPE:body`, in which a bar is a zero.
    private List<List<String>> answers = List.of();

    private ServerSocket server;
    private Thread thread;

    @BeforeEach
    void start() throws IOException {
        server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        thread = Thread.ofPlatform().start(this::serve);
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
        thread.join();
    }

    private void serve() {
        try (var socket = server.accept();
                var in = new DataInputStream(socket.getInputStream());
                var out = new DataOutputStream(socket.getOutputStream())) {
            int length = in.readInt();
            asked.add(new String(in.readNBytes(length - 4), StandardCharsets.UTF_8));
            for (var answer : answers) {
                for (var message : answer) tell(out, message);
                out.flush();
                if (in.read() < 0) return;
                asked.add(new String(in.readNBytes(in.readInt() - 4), StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            // The test is over.
        }
    }

    private static void tell(DataOutputStream out, String message) throws IOException {
        var body = message.substring(2).replace('|', '\0').getBytes(StandardCharsets.ISO_8859_1);
        out.writeByte(message.charAt(0));
        out.writeInt(body.length + 4);
        out.write(body);
    }

    private Session session() throws IOException {
        return new Session("127.0.0.1", server.getLocalPort(), "test");
    }

    @Test
    void rowsAreReadUntilTheServerIsReadyAgain() throws IOException {
        answers = List.of(
                List.of("R:||||", READY),
                List.of("T:x", "D:|\1|||\00217", "D:|\1|||\1" + "8", "C:SELECT 2|", READY),
                List.of());
        var numbers = new ArrayList<Long>();
        try (var session = session()) {
            session.numbers("SELECT 1", numbers::add);
        }
        assertThat(numbers).containsExactly(17L, 8L);
        assertThat(asked).first().asString().contains("user\0test\0database\0postgres");
        assertThat(asked).element(1).isEqualTo("SELECT 1\0");
    }

    @Test
    void whatWentWrongIsThrownOnceTheServerIsReady() throws IOException {
        answers = List.of(
                List.of("R:||||", READY),
                List.of("E:VERROR|C23505|Mduplicate key||", READY),
                List.of("C:INSERT|", READY),
                List.of());
        try (var session = session()) {
            assertThatThrownBy(() -> session.run("INSERT")).hasMessage("ERROR: duplicate key");
            session.run("INSERT");
        }
    }

    @Test
    void whoIsTurnedAwayOrCutOffIsTold() {
        answers = List.of(List.of("E:VFATAL|Mthe database system is starting up||"));
        assertThatThrownBy(this::session).hasMessage("FATAL: the database system is starting up");
    }

    @Test
    void aConnectionThatEndsIsNoAnswer() throws IOException {
        answers = List.of(List.of("R:||||", READY));
        try (var session = session()) {
            assertThatThrownBy(() -> session.run("COMMIT")).isInstanceOf(IOException.class);
        }
    }
}
