package io.navarch.agent.numa;

import io.navarch.agent.linux.Handle;
import io.navarch.objects.Json;
import io.navarch.objects.View;
import io.navarch.process.AtomicFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/// What containers have been given, on the disk, in the kubelet's form: the next agent goes by it, or refuses to.
///
/// @param what it tells of, in messages
public record StateFile(Path file, String what) {
    private static final int LONGEST = 16 << 20;
    private static final String SUM = "checksum";
    private static final int BASIS = 0x811c9dc5;
    private static final int PRIME = 0x01000193;

    /// @param parse what was written, or an IllegalArgumentException that says what is wrong with it
    /// @return empty when there is none
    /// @throws IllegalArgumentException in the kubelet's words
    public <T> Optional<T> read(Function<View, T> parse) {
        try (var held = Handle.file(file)) {
            var written = held.read(LONGEST + 1);
            if (written.length > LONGEST) throw new IllegalArgumentException("it is too long");
            return Optional.of(parse.apply(View.of(Json.parse(written))));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException | RuntimeException e) {
            throw new IllegalArgumentException(
                    "could not restore state from checkpoint: " + e.getMessage()
                            + ", please drain this node and delete the " + what + " manager checkpoint file \"" + file
                            + "\" before restarting Kubelet",
                    e);
        }
    }

    /// @throws IllegalArgumentException when it is not what was written
    public static void check(long sum, View tree) {
        if (tree.get(SUM).longOr(-1) != sum) throw new IllegalArgumentException("checkpoint is corrupted");
    }

    /// @throws IOException in the kubelet's words
    public void write(Map<String, Object> tree, long sum) throws IOException {
        var whole = new HashMap<>(tree);
        whole.put(SUM, sum);
        try {
            AtomicFile.write(file, Json.write(whole), "rw-------");
        } catch (IOException e) {
            throw new IOException("could not save checkpoint \"" + file.getFileName() + "\": " + e.getMessage(), e);
        }
    }

    /// FNV-1a of 32 bits.
    public static long sum(String text) {
        int sum = BASIS;
        for (byte each : text.getBytes(StandardCharsets.UTF_8)) sum = (sum ^ (each & 0xff)) * PRIME;
        return Integer.toUnsignedLong(sum);
    }

    /// Maps and words as Go prints them.
    public static String text(Object tree) {
        if (!(tree instanceof Map<?, ?> map)) return String.valueOf(tree);
        var sorted = new TreeMap<String, String>();
        map.forEach((key, value) -> sorted.put(String.valueOf(key), value == null ? "" : text(value)));
        return sorted.entrySet().stream()
                .map(entry -> entry.getKey() + ":" + entry.getValue())
                .collect(Collectors.joining(" ", "map[", "]"));
    }
}
