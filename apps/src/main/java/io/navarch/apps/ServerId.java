package io.navarch.apps;

import io.navarch.objects.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// How an API server is told from others of its cluster, as the original makes it of the machine's name.
///
/// @param machine its name
record ServerId(String machine) {
    private static final String DIGITS = "abcdefghijklmnopqrstuvwxyz234567";
    private static final int BYTES = 16;

    String text() {
        var hash = Sha256.of(machine.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8));
        var text = new StringBuilder("apiserver-");
        for (int bit = 0; bit < BYTES * 8; bit += 5) {
            int digit = 0;
            for (int i = bit; i < bit + 5; i++) digit = digit << 1 | (i < BYTES * 8 ? hash[i / 8] >> 7 - i % 8 & 1 : 0);
            text.append(DIGITS.charAt(digit));
        }
        return text.toString();
    }
}
