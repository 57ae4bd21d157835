package io.navarch.agent.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ChannelProtocolTest {
    private static String of(String offered) {
        return ChannelProtocol.of(offered).map(ChannelProtocol::name).orElse("none");
    }

    @Test
    void theFirstKnownOneIsTaken() {
        assertThat(of("v5.channel.k8s.io, v4.channel.k8s.io")).isEqualTo("v5.channel.k8s.io");
        assertThat(of("v9.channel.k8s.io,base64.channel.k8s.io")).isEqualTo("base64.channel.k8s.io");
        assertThat(of("")).isEmpty();
        assertThat(of("binary")).isEqualTo("none");
    }

    @Test
    void textIsReadAsBytesAndJunkAsNothing() {
        var protocol = ChannelProtocol.of("base64.channel.k8s.io").orElseThrow();
        assertThat(protocol.received("0aGk=".getBytes(StandardCharsets.US_ASCII)))
                .containsExactly(0, 'h', 'i');
        assertThat(protocol.received("0?".getBytes(StandardCharsets.US_ASCII))).isEmpty();
        assertThat(protocol.received(new byte[0])).isEmpty();
    }
}
