package io.navarch.resourcemetrics;

import io.navarch.objects.Json;
import io.navarch.objects.View;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAccessor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A day of what was taken, in files of an hour each, a line for a few minutes. Older ones go. Nothing of it is worth
/// an fsync: a line that is torn is passed over.
final class UsageFiles {
    private static final Logger LOG = LoggerFactory.getLogger(UsageFiles.class);
    private static final DateTimeFormatter NAME = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH'.jsonl'");
    static final Duration KEPT = Duration.ofHours(24);
    private static final long LARGEST = 8 << 20;

    private final Path folder;

    /// @param folder its own
    UsageFiles(Path folder) {
        this.folder = folder;
    }

    void append(UsageBucket bucket) throws IOException {
        Files.createDirectories(folder);
        var file = folder.resolve(NAME.format(LocalDateTime.ofInstant(bucket.time(), ZoneOffset.UTC)));
        // The end of a line that was torn comes before the next one.
        Files.writeString(
                file,
                "\n" + bucket.line() + "\n",
                StandardCharsets.UTF_8,
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
        var oldest = bucket.time().minus(KEPT).truncatedTo(ChronoUnit.HOURS);
        for (var each : files()) if (hour(each).orElse(oldest).isBefore(oldest)) Files.deleteIfExists(each);
    }

    private List<Path> files() throws IOException {
        if (!Files.isDirectory(folder)) return List.of();
        try (var list = Files.list(folder)) {
            return list.filter(file -> hour(file).isPresent()).sorted().toList();
        }
    }

    private static Optional<Instant> hour(Path file) {
        try {
            return Optional.of(NAME.parse(String.valueOf(file.getFileName()), UsageFiles::instant));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    private static Instant instant(TemporalAccessor parsed) {
        return LocalDate.from(parsed)
                .atTime(parsed.get(ChronoField.HOUR_OF_DAY), 0)
                .toInstant(ZoneOffset.UTC);
    }

    /// What was taken since then, the oldest first.
    List<UsageBucket> since(Instant begin) {
        var buckets = new TreeMap<Instant, UsageBucket>();
        try {
            for (var file : files())
                if (!hour(file).orElse(Instant.MIN).isBefore(begin.truncatedTo(ChronoUnit.HOURS)))
                    for (var bucket : read(file))
                        if (!bucket.time().isBefore(begin)) buckets.merge(bucket.time(), bucket, UsageBucket::and);
        } catch (IOException e) {
            LOG.warn("what nodes took cannot be read: {}", e.toString());
        }
        return List.copyOf(buckets.values());
    }

    private static List<UsageBucket> read(Path file) throws IOException {
        var buckets = new ArrayList<UsageBucket>();
        if (Files.size(file) > LARGEST) return buckets;
        for (var line : new String(Files.readAllBytes(file), StandardCharsets.UTF_8).split("\n")) {
            if (line.isEmpty()) continue;
            try {
                var tree = View.of(Json.parse(line));
                if (tree.isMap()) buckets.add(UsageBucket.of(tree));
            } catch (Json.MalformedException e) {
                LOG.debug("{}: a line is torn", file);
            }
        }
        return buckets;
    }
}
