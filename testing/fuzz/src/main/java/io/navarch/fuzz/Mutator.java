package io.navarch.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/// Changes inputs a little: bits, bytes, numbers, words, and parts that are left out, repeated, exchanged.
final class Mutator {
    /// Most inputs are short: many of them are worth more than few long ones.
    private static final int USUAL = 2048;

    private static final int LONGEST = 1 << 16;
    private static final byte[] DIGITS = "0123456789".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] INTERESTING = {
        0, 1, 0x7f, (byte) 0x80, (byte) 0xff, '"', '\\', '{', '[', ',', ':', '\n', ' '
    };

    private final RandomGenerator random;

    Mutator(RandomGenerator random) {
        this.random = random;
    }

    byte[] mutated(List<byte[]> corpus, List<byte[]> words) {
        var result = pick(corpus);
        int steps = 1 + random.nextInt(random.nextInt(8) == 0 ? 16 : 3);
        for (int i = 0; i < steps; i++) result = step(result, corpus, words);
        int most = random.nextInt(32) == 0 ? LONGEST : USUAL;
        return result.length > most ? Arrays.copyOf(result, most) : result;
    }

    private byte[] pick(List<byte[]> list) {
        return list.get(random.nextInt(list.size()));
    }

    private byte[] step(byte[] input, List<byte[]> corpus, List<byte[]> words) {
        int start = random.nextInt(input.length + 1);
        int end = Math.min(input.length, start + 1 + random.nextInt(random.nextBoolean() ? 4 : 64));
        return switch (random.nextInt(10)) {
            case 0 -> changed(input, start, (byte) (1 << random.nextInt(8)), true);
            case 1 -> changed(input, start, (byte) random.nextInt(256), false);
            case 2 -> changed(input, start, INTERESTING[random.nextInt(INTERESTING.length)], false);
            case 3 -> replaced(input, start, end, new byte[0]);
            case 4 -> replaced(input, start, start, repeated(Arrays.copyOfRange(input, start, end)));
            case 5 -> replaced(input, start, end, pick(words));
            case 6 -> replaced(input, start, start, pick(words));
            case 7 -> digits(input);
            case 8 -> {
                var other = pick(corpus);
                int from = random.nextInt(other.length + 1);
                int to = from + random.nextInt(other.length - from + 1);
                yield replaced(input, start, end, Arrays.copyOfRange(other, from, to));
            }
            default -> replaced(input, start, start, repeated(pick(words)));
        };
    }

    private static byte[] changed(byte[] input, int at, byte value, boolean flip) {
        if (at >= input.length) return input;
        var result = input.clone();
        result[at] = flip ? (byte) (result[at] ^ value) : value;
        return result;
    }

    private byte[] repeated(byte[] part) {
        int times = random.nextInt(6) == 0 ? 1 + random.nextInt(2000) : 1 + random.nextInt(3);
        times = Math.min(times, LONGEST / Math.max(1, part.length));
        var result = new byte[part.length * times];
        for (int i = 0; i < times; i++) System.arraycopy(part, 0, result, i * part.length, part.length);
        return result;
    }

    /// Puts other digits where some are, or more of them.
    private byte[] digits(byte[] input) {
        for (int tries = 0; tries < 8 && input.length > 0; tries++) {
            int at = random.nextInt(input.length);
            if (input[at] < '0' || input[at] > '9') continue;
            int count = random.nextInt(4) == 0 ? 1 + random.nextInt(400) : 1 + random.nextInt(20);
            var more = new byte[count];
            for (int i = 0; i < count; i++) more[i] = DIGITS[random.nextInt(10)];
            return replaced(input, at, at + 1, more);
        }
        return input;
    }

    private static byte[] replaced(byte[] input, int start, int end, byte[] by) {
        if (input.length + by.length > 2 * LONGEST) return input;
        var result = new byte[input.length - (end - start) + by.length];
        System.arraycopy(input, 0, result, 0, start);
        System.arraycopy(by, 0, result, start, by.length);
        System.arraycopy(input, end, result, start + by.length, input.length - end);
        return result;
    }
}
