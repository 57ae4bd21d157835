package io.navarch.apiserver.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.navarch.objects.ApiException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContinueTokenTest {
    private static String token(String json) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aTokenComesBackAsItWasGiven() {
        var token = new ContinueToken(42, "ns/name\0");
        assertThat(ContinueToken.decode(token.encode())).isEqualTo(token);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"v\":\"v0\",\"rv\":1,\"start\":\"a\"}",
                "{\"v\":\"meta.k8s.io/v1\",\"rv\":0,\"start\":\"a\"}",
                "{\"v\":\"meta.k8s.io/v1\",\"rv\":1,\"start\":\"\"}",
                "{\"v\":\"meta.k8s.io/v1\",\"rv\":1,\"start\":\"../secrets/a\"}",
                "{\"v\":\"meta.k8s.io/v1\",\"rv\":1,\"start\":\"/registry\"}",
                "not json"
            })
    void whatNoServerHasMadeIsRefused(String json) {
        assertThatThrownBy(() -> ContinueToken.decode(token(json)))
                .isInstanceOf(ApiException.class)
                .hasMessageStartingWith("invalid continue token: continue key is not valid: ");
    }

    @Test
    void textThatIsNoBase64IsRefused() {
        assertThatThrownBy(() -> ContinueToken.decode("***")).isInstanceOf(ApiException.class);
    }
}
