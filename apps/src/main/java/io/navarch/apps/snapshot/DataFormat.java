package io.navarch.apps.snapshot;

import io.navarch.process.AtomicFile;
import io.navarch.store.StoreRefusedException;
import io.navarch.store.StoreSnapshot;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// In which form a server's data directory is. One of before is brought into today's, with a snapshot made first; one
/// of a later version is refused.
public final class DataFormat {
    private static final Logger LOG = LoggerFactory.getLogger(DataFormat.class);
    static final String NAME = "FORMAT";
    private static final String BEFORE = "before-format-";
    private static final Pattern LINE = Pattern.compile("navarch-data ([0-9]{1,9}) (\\S{1,100})\n");

    /// Brings a directory from one form into the next. It may have been begun before.
    interface Step {
        /// What changes nothing needs no way back.
        Step NOTHING = data -> {};

        void migrate(Path data) throws IOException;
    }

    /// The first brings directories that do not say in which form they are into form 1; and so on.
    private static final List<Step> STEPS = List.of(Step.NOTHING);

    private final Path data;
    private final String version;
    private final List<Step> steps;

    DataFormat(Path data, String version, List<Step> steps) {
        this.data = data;
        this.version = version;
        this.steps = steps;
    }

    /// What a directory says of itself.
    ///
    /// @param writer the version that has used it last
    public record Said(int format, String writer) {}

    /// @throws StoreRefusedException when it is a later version's
    public static void prepare(Path data, String version, Instant now) throws IOException, InterruptedException {
        new DataFormat(data, version, STEPS).prepare(now);
    }

    /// Nothing where no server has been, or one of before there were forms.
    public static Optional<Said> read(Path data) throws IOException {
        var file = data.resolve(NAME);
        if (!Files.exists(file)) return Optional.empty();
        var text = Files.readString(file, StandardCharsets.ISO_8859_1);
        var line = LINE.matcher(text);
        if (!line.matches())
            throw new StoreRefusedException(file + " cannot be read: it should say the form of the directory, such as"
                    + " \"navarch-data " + STEPS.size() + " VERSION\"; nothing was changed");
        return Optional.of(new Said(Integer.parseInt(line.group(1)), line.group(2)));
    }

    void prepare(Instant now) throws IOException, InterruptedException {
        var said = read(data);
        int format = said.map(Said::format).orElse(Files.exists(data.resolve("store")) ? 0 : steps.size());
        if (format > steps.size())
            throw new StoreRefusedException("the data directory " + data + " has format " + format + ", used last by "
                    + said.map(Said::writer).orElse("?") + "; this is " + version + ", which knows format "
                    + steps.size() + ": start the newer version, or restore a snapshot of before; nothing was changed");
        if (format < steps.size()) migrate(format, now);
        if (said.filter(each -> each.equals(new Said(steps.size(), version))).isEmpty()) write(steps.size());
    }

    /// Expects a directory that was filled from a snapshot to be of a form that this program reads.
    static void expectKnown(Path restored) throws IOException {
        var said = read(restored);
        if (said.filter(each -> each.format() > STEPS.size()).isPresent())
            throw new StoreRefusedException(
                    "the snapshot has data of format " + said.get().format() + ", used last by "
                            + said.get().writer() + "; this knows format " + STEPS.size()
                            + ": restore it with the newer version; nothing was changed");
    }

    private void migrate(int from, Instant now) throws IOException, InterruptedException {
        if (steps.stream().skip(from).anyMatch(step -> !step.equals(Step.NOTHING))) keep(from, now);
        for (int format = from; format < steps.size(); format++) {
            steps.get(format).migrate(data);
            write(format + 1);
        }
    }

    private void keep(int from, Instant now) throws IOException, InterruptedException {
        var folder = new SnapshotFolder(data.resolve("snapshots"));
        folder.clear(BEFORE);
        var file = folder.next(BEFORE + steps.size(), now);
        SnapshotFile.write(file, data, out -> StoreSnapshot.take(data.resolve("store"), out), version, now);
        LOG.info(
                "the data directory is brought from format {} into {}; as it was it is in {}",
                from,
                steps.size(),
                file);
    }

    private void write(int format) throws IOException {
        AtomicFile.write(
                data.resolve(NAME),
                ("navarch-data " + format + " " + version + "\n").getBytes(StandardCharsets.ISO_8859_1),
                "rw-------");
    }
}
