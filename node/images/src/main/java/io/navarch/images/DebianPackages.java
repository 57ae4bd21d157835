package io.navarch.images;

import io.navarch.objects.GoText;
import io.navarch.process.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;

/// Files of Debian's packages: what apt brings in one download, unpacked one over the other. What packages do when they
/// are installed is not done.
///
/// @param dependencies whether what they depend on comes, too
record DebianPackages(List<String> names, boolean dependencies) {
    /// As Debian has them, with a version or an architecture if that matters.
    private static final Pattern PACKAGE = Pattern.compile("[a-z0-9][a-z0-9+.-]{1,100}([:=][A-Za-z0-9.+~:-]{1,100})?");

    private static final Duration DOWNLOAD = Duration.ofMinutes(10);
    /// What nobody in a container reads.
    private static final List<String> WASTE =
            List.of("usr/share/doc", "usr/share/man", "usr/share/locale", "usr/share/lintian", "usr/share/info");

    /// @throws IOException when they are no names, or one is there twice
    void check() throws IOException {
        var seen = new HashSet<String>();
        for (var name : names) {
            if (!PACKAGE.matcher(name).matches()) throw new IOException("no name of a package: " + GoText.quoted(name));
            if (!seen.add(name.replaceFirst("[:=].*", "")))
                throw new IOException("the package " + name + " is named twice");
        }
    }

    /// @param work an empty directory
    void unpack(Path work, Path root) throws IOException {
        check();
        if (names.isEmpty()) return;
        var archives = work.resolve("archives");
        Files.createDirectories(archives.resolve("partial"));
        // On a machine on which nothing is installed, nothing that they need is there already.
        var status = Files.createFile(work.resolve("status"));
        var command = new ArrayList<>(List.of("env", "-C", archives.toString(), "LC_ALL=C", "apt-get", "-qq", "-y"));
        for (var option : List.of("APT::Sandbox::User=root", "Debug::NoLocking=1", "APT::Get::AllowUnauthenticated=0"))
            command.addAll(List.of("-o", option));
        if (dependencies)
            command.addAll(List.of(
                    "-o",
                    "Dir::State::status=" + status,
                    "-o",
                    "Dir::Cache::archives=" + archives + "/",
                    "--no-install-recommends",
                    "--download-only",
                    "install"));
        else command.add("download");
        command.addAll(names);
        var result = Command.tryRun(command, "", DOWNLOAD);
        if (result.exitCode() != 0) {
            // The machine has no package lists, or stale ones.
            var update = Command.tryRun(List.of("apt-get", "update", "-qq"), "", DOWNLOAD);
            result = Command.tryRun(command, "", DOWNLOAD);
            if (result.exitCode() != 0) throw failed(result, update);
        }
        try (var list = Files.list(archives)) {
            for (var deb : list.filter(each -> each.toString().endsWith(".deb"))
                    .sorted()
                    .toList()) Command.run(List.of("dpkg-deb", "-x", deb.toString(), root.toString()));
        }
        for (var waste : WASTE) {
            var path = root.resolve(waste);
            if (Files.exists(path)) Command.run(List.of("rm", "-rf", path.toString()));
        }
    }

    private static IOException failed(Command.Result result, Command.Result update) {
        var said = (result.err() + result.out())
                .lines()
                .map(String::strip)
                .filter(line -> line.startsWith("E: "))
                .map(line -> line.substring("E: ".length()))
                .findFirst()
                .orElse("exit code " + result.exitCode());
        return new IOException("apt: " + said
                + (update.exitCode() == 0 ? "" : " (and its lists could not be renewed: is a registry in reach?)"));
    }
}
