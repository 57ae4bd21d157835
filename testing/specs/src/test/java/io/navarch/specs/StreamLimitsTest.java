package io.navarch.specs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// HTTP/2 lets a client have much done for little; what it may have done is what kube-apiserver allows, or about that.
class StreamLimitsTest {
    @RegisterExtension
    static final PlaneUnderTest plane = new PlaneUnderTest();

    private static final String[] CREDENTIALS = {"authorization", "Bearer " + PlaneUnderTest.TOKEN};

    private static RawStreams client() throws IOException {
        return new RawStreams(PlaneUnderTest.trusting(plane.authority()), plane.plane.port());
    }

    private static void othersAreServed() {
        assertThat(plane.http("GET", "/api/v1/namespaces/default", null).statusCode())
                .isEqualTo(200);
    }

    @Test
    void asManyStreamsAsTheOriginalHas() throws IOException {
        try (var client = client()) {
            var settings = client.read(RawStreams.SETTINGS);
            int streams = -1;
            for (int i = 0; i < settings.payload().length; i += 6)
                if (settings.payload()[i + 1] == 3) streams = settings.number(i + 2);
            assertThat(streams).isEqualTo(100);
        }
    }

    @Test
    void whoAsksAndGivesUpWithoutEndIsCutOff() throws Exception {
        flood(50, stream -> {
            var bytes = new ByteArrayOutputStream();
            bytes.writeBytes(RawStreams.frame(
                    RawStreams.HEADERS,
                    RawStreams.END_HEADERS | RawStreams.END_STREAM,
                    stream,
                    RawStreams.headers("GET", "/api/v1/pods?watch=1", CREDENTIALS)));
            bytes.writeBytes(RawStreams.frame(RawStreams.RESET, 0, stream, new byte[] {0, 0, 0, 8}));
            return bytes.toByteArray();
        });
    }

    @Test
    void whoMakesTheProtocolAnswerWithoutEndIsCutOff() throws Exception {
        flood(100, stream -> RawStreams.frame(RawStreams.PING, 0, 0, new byte[8]));
    }

    @Test
    void whoChangesSettingsWithoutEndIsCutOff() throws Exception {
        flood(100, stream -> RawStreams.frame(RawStreams.SETTINGS, 0, 0, new byte[0]));
    }

    private interface Round {
        byte[] frames(int stream);
    }

    /// Sends 2 500 times what a client should not, and others are served.
    private static void flood(int rounds, Round round) throws Exception {
        try (var client = client();
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var end = threads.submit(() -> client.read(RawStreams.GOAWAY));
            int stream = 1;
            try {
                for (int i = 0; i < 2500 / rounds; i++) {
                    var bytes = new ByteArrayOutputStream();
                    for (int j = 0; j < rounds; j++, stream += 2) bytes.writeBytes(round.frames(stream));
                    client.send(bytes.toByteArray());
                }
            } catch (IOException e) {
                // Cut off before all was sent.
            }
            assertThat(end.get().number(4)).isEqualTo(RawStreams.ENHANCE_YOUR_CALM);
            othersAreServed();
        }
    }

    @Test
    void headersHaveABound() throws IOException {
        try (var client = client()) {
            client.send(RawStreams.HEADERS, 0, 1, RawStreams.headers("GET", "/api", CREDENTIALS));
            var part = RawStreams.header("x", "y".repeat(16_000));
            try {
                for (int i = 0; i < 200; i++) client.send(RawStreams.CONTINUATION, 0, 1, part);
            } catch (IOException e) {
                // Cut off before all was sent.
            }
            client.read(RawStreams.GOAWAY);
        }
        othersAreServed();
    }

    /// The stream has often ended before its handler has.
    @RepeatedTest(20)
    void whoDoesNotSayWhoHeIsAsksOnce() throws IOException {
        try (var client = client()) {
            client.send(
                    RawStreams.HEADERS,
                    RawStreams.END_HEADERS | RawStreams.END_STREAM,
                    1,
                    RawStreams.headers("GET", "/version"));
            client.read(RawStreams.DATA);
            var goAway = client.read(RawStreams.GOAWAY);
            assertThat(goAway.number(0)).isEqualTo(1);
            assertThat(goAway.number(4)).isZero();
        }
    }

    @Test
    void theRestOfABodyThatNobodyReadsIsNotWaitedFor() throws IOException {
        try (var client = client()) {
            client.send(
                    RawStreams.HEADERS, RawStreams.END_HEADERS, 1, RawStreams.headers("POST", "/nowhere", CREDENTIALS));
            client.send(RawStreams.DATA, 0, 1, new byte[10_000]);
            assertThat(client.read(RawStreams.HEADERS).stream()).isEqualTo(1);
            assertThat(client.read(RawStreams.RESET).number(0)).isZero();
        }
    }
}
