package io.navarch.apps.lifecycle;

import io.navarch.apps.usage.Usage;
import io.navarch.client.Client;
import io.navarch.kinds.volumesnapshot.VolumeSnapshotContent;
import io.navarch.kinds.volumesnapshot.VolumeSnapshots;
import io.navarch.model.Resources;
import io.navarch.objects.ApiException;
import io.navarch.process.Command;
import io.navarch.process.Logs;
import io.navarch.process.Options;
import io.navarch.process.Options.Option;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/// `navarch storage`: which volumes there are, whose they are, where they lie and what they take there.
public final class StorageCommand {
    private static final Duration LONGEST_COUNT = Duration.ofSeconds(60);

    private static final List<Option> OPTIONS = List.of(AdminAccess.DATA, AdminAccess.KUBECONFIG);

    public static final Usage USAGE = Usage.of(
            "storage",
            "shows volumes and claims, whose they are, and what they take",
            List.of(Usage.line("storage [OPTIONS]", "")),
            List.of(),
            OPTIONS);

    private StorageCommand() {}

    public static int run(List<String> arguments, Map<String, String> environment)
            throws IOException, InterruptedException {
        Logs.configure();
        var options = Options.parse(OPTIONS, arguments, environment).withoutArguments();
        AdminAccess.of(options, (client, access) -> {
            var report = new StorageReport(
                    client.items(Resources.PERSISTENT_VOLUMES, "", ""),
                    client.items(Resources.PERSISTENT_VOLUME_CLAIMS, "", ""),
                    snapshots(client),
                    client.items(Resources.NODES, "", ""));
            report.lines(StorageCommand::used).forEach(System.out::println);
        });
        return 0;
    }

    /// Their kinds are not in every cluster.
    private static List<VolumeSnapshotContent> snapshots(Client client) {
        try {
            return client.items(VolumeSnapshots.CONTENTS, "", "");
        } catch (ApiException e) {
            if (e.reason() == ApiException.Reason.NOT_FOUND) return List.of();
            throw e;
        }
    }

    /// What a directory of this machine takes; empty when it is none, or cannot be read.
    private static OptionalLong used(String path) {
        if (!Files.isDirectory(Path.of(path))) return OptionalLong.empty();
        try {
            var result = Command.tryRun(
                    List.of("du", "--summarize", "--one-file-system", "--block-size=1", "--", path), "", LONGEST_COUNT);
            var size = result.out().split("\t")[0];
            return size.matches("[0-9]{1,18}") ? OptionalLong.of(Long.parseLong(size)) : OptionalLong.empty();
        } catch (Command.FailedException e) {
            return OptionalLong.empty();
        }
    }
}
