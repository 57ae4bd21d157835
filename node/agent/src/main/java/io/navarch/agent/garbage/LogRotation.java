package io.navarch.agent.garbage;

import io.navarch.agent.act.PodWorkers;
import io.navarch.agent.act.RuntimeCache;
import io.navarch.agent.decide.AgentConfig;
import io.navarch.agent.decide.RuntimeState;
import io.navarch.agent.volumes.ContainerLogs;
import io.navarch.cri.ContainerRuntime;
import io.navarch.cri.RuntimeFailure;
import io.navarch.model.Pod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.zip.GZIPOutputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps what containers print from filling the disk: a log that is too long becomes one of a few parts, all but the
/// last of which are compressed. Parts of attempts that nobody can ask for any more go.
///
/// Source: https://kubernetes.io/docs/concepts/cluster-administration/logging/#log-rotation
public record LogRotation(AgentConfig config, ContainerRuntime runtime, RuntimeCache cache, InstantSource clock) {
    private static final Logger LOG = LoggerFactory.getLogger(LogRotation.class);
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

    public void rotate(PodWorkers workers) {
        for (var pod : workers.known()) {
            var state = cache.state(pod.uid());
            for (var container : state.running()) {
                try {
                    rotate(pod, container);
                    forget(pod, container, state);
                } catch (IOException | RuntimeFailure e) {
                    LOG.warn("log of {} in {}: {}", container.name(), pod.key(), e.getMessage());
                }
            }
        }
    }

    private void rotate(Pod pod, RuntimeState.Container container) throws IOException {
        var log = ContainerLogs.file(config, pod, container.name(), container.attempt());
        if (!Files.exists(log, LinkOption.NOFOLLOW_LINKS)) {
            // Somebody has taken it away: what is printed since then is nowhere.
            runtime.reopenContainerLog(container.id());
            return;
        }
        // A pod that has the node's logs mounted may have put something else there.
        if (!Files.isRegularFile(log, LinkOption.NOFOLLOW_LINKS)) return;
        if (Files.size(log) < config.resources().logs().longest()) return;
        var older = RotatedLogs.of(parts(log), config.resources().logs().files());
        for (var name : older.removed()) Files.deleteIfExists(log.resolveSibling(name));
        for (var name : older.compressed()) compress(log.resolveSibling(name));
        var part = log.resolveSibling(log.getFileName() + "." + TIME.format(clock.instant()));
        Files.move(log, part, StandardCopyOption.ATOMIC_MOVE);
        try {
            runtime.reopenContainerLog(container.id());
        } catch (RuntimeFailure e) {
            // It writes on into the same file, which has to be where it is looked for.
            Files.move(part, log, StandardCopyOption.ATOMIC_MOVE);
            throw e;
        }
    }

    private static List<String> parts(Path log) throws IOException {
        var beginning = log.getFileName() + ".";
        try (var list = Files.list(Objects.requireNonNull(log.getParent(), "in a directory"))) {
            return list.map(path -> path.getFileName().toString())
                    .filter(name -> name.startsWith(beginning))
                    .toList();
        }
    }

    private static void compress(Path part) throws IOException {
        if (!Files.isRegularFile(part, LinkOption.NOFOLLOW_LINKS)) return;
        var unfinished = part.resolveSibling(part.getFileName() + RotatedLogs.UNFINISHED);
        // Nobody may read it who might not before.
        var readers =
                PosixFilePermissions.asFileAttribute(Files.getPosixFilePermissions(part, LinkOption.NOFOLLOW_LINKS));
        Files.createFile(unfinished, readers);
        try (var in = Files.newInputStream(part, LinkOption.NOFOLLOW_LINKS);
                var out = new GZIPOutputStream(Files.newOutputStream(unfinished, LinkOption.NOFOLLOW_LINKS))) {
            in.transferTo(out);
        }
        Files.move(
                unfinished,
                part.resolveSibling(part.getFileName() + RotatedLogs.COMPRESSED),
                StandardCopyOption.ATOMIC_MOVE);
        Files.delete(part);
    }

    /// Removes logs of attempts before the oldest that the runtime still has.
    private void forget(Pod pod, RuntimeState.Container container, RuntimeState state) throws IOException {
        int oldest = state.containers().stream()
                .filter(each -> each.name().equals(container.name()))
                .mapToInt(RuntimeState.Container::attempt)
                .min()
                .orElse(0);
        if (oldest == 0) return;
        var log = ContainerLogs.file(config, pod, container.name(), container.attempt());
        try (var list = Files.list(Objects.requireNonNull(log.getParent(), "in a directory"))) {
            for (var path : list.toList()) {
                var attempt = attempt(path.getFileName().toString());
                if (attempt.isPresent() && attempt.getAsInt() < oldest) Files.deleteIfExists(path);
            }
        }
    }

    private static OptionalInt attempt(String name) {
        return name.matches("[0-9]{1,9}\\.log(\\..*)?")
                ? OptionalInt.of(Integer.parseInt(name.substring(0, name.indexOf('.'))))
                : OptionalInt.empty();
    }
}
