package io.navarch.apps;

import io.navarch.bootstrap.NodeObjects;
import io.navarch.cli.KubeconfigFile;
import io.navarch.http.EventLoops;
import io.navarch.pki.Pki;
import io.navarch.process.Logs;
import io.navarch.process.Options;
import io.navarch.schema.admission.User;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.slf4j.LoggerFactory;

/// `navarch server`: the control plane, and a node unless told otherwise, until a signal comes.
final class ServerCommand {
    private ServerCommand() {}

    static int run(List<String> arguments, Map<String, String> environment) throws IOException, InterruptedException {
        var options = Options.parse(ServerOptions.DECLARED, arguments, environment);
        var config = ServerOptions.read(options, Host.local());
        var serving = config.serving();
        Logs.configure(options.flag("verbose"));
        directory(config.dataDirectory());
        var pki = new Pki(config.dataDirectory().resolve("pki"), InstantSource.system());
        var certificates = new LiveCertificates(pki);
        certificates.keep(
                certificates.certified(() -> pki.administrator(User.MASTERS)),
                administrator -> kubeconfig(config, administrator));
        var stop = new CountDownLatch(1);
        var stopped = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            stop.countDown();
            try {
                stopped.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }));
        try (var eventLoops = new EventLoops(2);
                var plane = new ControlPlane(config, certificates, eventLoops)) {
            LoggerFactory.getLogger(ServerCommand.class)
                    .info("serving the API at https://{}:{}", serving.advertiseAddress(), serving.port());
            if (!config.node().runs()) {
                stop.await();
                return 0;
            }
            var own = new NodeObjects(plane.client(User.of("system:apiserver", User.MASTERS), "navarch"));
            own.dnsService(config.network().dnsAddress(), config.node().address(), NodeRole.DNS_PORT);
            try (var node = new NodeRole(
                    config,
                    certificates,
                    eventLoops,
                    plane.client(User.of("system:node:" + config.node().name(), User.NODES), "kubelet"),
                    plane.client(User.of("navarch:network"), "navarch-network"))) {
                own.markControlPlane(config.node().name());
                stop.await();
            }
        } finally {
            stopped.countDown();
        }
        return 0;
    }

    /// Written anew with each new certificate and authority.
    private static Path kubeconfig(ServerConfig config, LiveCertificates.Certified administrator) throws IOException {
        var serving = config.serving();
        var kubeconfig = KubeconfigFile.admin(
                "https://" + serving.advertiseAddress() + ":" + serving.port(),
                administrator.authority(),
                administrator.pair().certificate(),
                administrator.pair().key());
        var file = config.dataDirectory().resolve("admin.kubeconfig");
        KubeconfigFile.write(file, kubeconfig);
        if (!serving.kubeconfigOut().isEmpty()) KubeconfigFile.write(Path.of(serving.kubeconfigOut()), kubeconfig);
        return file;
    }

    private static void directory(Path path) throws IOException {
        try {
            Files.createDirectories(path);
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx------"));
            Files.delete(Files.createTempFile(path, "write", ".test"));
        } catch (IOException e) {
            throw new IOException(
                    "cannot use the data directory " + path + ": " + e.getMessage()
                            + "; give another with --data-dir or run as root",
                    e);
        }
    }
}
