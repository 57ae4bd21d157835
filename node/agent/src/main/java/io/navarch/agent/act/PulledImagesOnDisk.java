package io.navarch.agent.act;

import io.navarch.agent.decide.PullCredentials;
import io.navarch.cri.ContainerRuntime.Login;
import io.navarch.objects.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Keeps what is known of images over restarts: a file for each image, with a line for each repository and login, of
/// which only a hash is kept.
public final class PulledImagesOnDisk implements PulledImages {
    private static final String PUBLIC = "public";

    private final Path pulled;
    private final Path pulling;

    /// @param directory only this node's own
    public PulledImagesOnDisk(Path directory) {
        pulled = directory.resolve("pulled");
        pulling = directory.resolve("pulling");
    }

    @Override
    public synchronized boolean usable(String id, String image, List<Login> logins) {
        var known = lines(pulled.resolve(Sha256.hex(id)));
        if (known.isEmpty()) return !Files.exists(pulling.resolve(Sha256.hex(image)));
        if (known.contains(line(image, PUBLIC))) return true;
        return logins.stream().anyMatch(login -> known.contains(line(image, hash(login))));
    }

    @Override
    public synchronized void pulling(String image) {
        write(pulling.resolve(Sha256.hex(image)), Set.of(image));
    }

    @Override
    public synchronized void pulled(String id, String image, Optional<Login> login) {
        var file = pulled.resolve(Sha256.hex(id));
        var known = new LinkedHashSet<>(lines(file));
        known.add(line(image, login.map(PulledImagesOnDisk::hash).orElse(PUBLIC)));
        write(file, known);
        failed(image);
    }

    @Override
    public synchronized void failed(String image) {
        try {
            Files.deleteIfExists(pulling.resolve(Sha256.hex(image)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String line(String image, String who) {
        return PullCredentials.repository(image) + " " + who;
    }

    private static Set<String> lines(Path file) {
        try {
            return Files.exists(file) ? Set.copyOf(Files.readAllLines(file)) : Set.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(Path file, Set<String> lines) {
        try {
            var owner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
            Files.createDirectories(file.getParent(), owner);
            var next = file.resolveSibling(file.getFileName() + ".new");
            Files.write(next, lines);
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String hash(Login login) {
        return Sha256.hex(login.user() + "\0" + login.password());
    }
}
