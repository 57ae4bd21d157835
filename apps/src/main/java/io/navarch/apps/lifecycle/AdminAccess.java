package io.navarch.apps.lifecycle;

import io.navarch.cli.KubeconfigClient;
import io.navarch.client.Client;
import io.navarch.client.Kubeconfig;
import io.navarch.http.EventLoops;
import io.navarch.objects.ApiException;
import io.navarch.process.Options;
import io.navarch.process.Options.Option;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A cluster as those commands reach it that need nothing of it but its API.
final class AdminAccess {
    static final Option DATA = Option.value("data-dir", "/var/lib/navarch", "of the cluster");
    static final Option KUBECONFIG =
            Option.value("kubeconfig", "", "who asks, and which cluster (default: the administrator of the data-dir)");

    private AdminAccess() {}

    /// What is done with a cluster.
    interface Use {
        void with(Client client, Kubeconfig access) throws IOException, InterruptedException;
    }

    static void of(Options options, Use use) throws IOException, InterruptedException {
        var given = options.string(KUBECONFIG.name());
        var file = given.isEmpty()
                ? Path.of(options.string(DATA.name()), "admin.kubeconfig").toAbsolutePath()
                : Path.of(given);
        if (!Files.isReadable(file))
            throw new IOException("cannot read " + file + ": give --kubeconfig, or the cluster's --data-dir");
        try (var eventLoops = new EventLoops(1)) {
            use.with(KubeconfigClient.open(file, eventLoops), Kubeconfig.read(file));
        } catch (ApiException e) {
            throw new IOException(e.message(), e);
        }
    }
}
