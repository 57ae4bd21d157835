package io.navarch.benchmarks.api;

import io.navarch.client.Kubeconfig;
import io.navarch.http.EventLoops;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/// The API server that is measured, and what it says of itself.
///
/// @param pid its process when it runs on this machine and may be looked into, else 0
record Server(Kubeconfig config, SslContext tls, EventLoops eventLoops, Connection control, long pid) {
    static Server open(Path kubeconfig, EventLoops eventLoops, long pid) throws IOException {
        return open(Kubeconfig.read(kubeconfig), eventLoops, pid);
    }

    /// The same server for somebody else.
    Server as(String token) throws IOException {
        return open(new Kubeconfig(config.server(), config.trust(), Optional.empty(), token), eventLoops, pid);
    }

    private static Server open(Kubeconfig config, EventLoops eventLoops, long pid) throws IOException {
        var builder = SslContextBuilder.forClient()
                .sslProvider(SslProvider.OPENSSL)
                .applicationProtocolConfig(new ApplicationProtocolConfig(
                        Protocol.ALPN,
                        SelectorFailureBehavior.NO_ADVERTISE,
                        SelectedListenerFailureBehavior.ACCEPT,
                        ApplicationProtocolNames.HTTP_2))
                .endpointIdentificationAlgorithm(null);
        config.authority()
                .ifPresentOrElse(
                        authority -> builder.trustManager(stream(authority)),
                        () -> builder.trustManager(InsecureTrustManagerFactory.INSTANCE));
        config.identity().ifPresent(own -> builder.keyManager(stream(own.certificate()), stream(own.key())));
        long own = java(pid) ? pid : 0;
        var server = new Server(config, builder.build(), eventLoops, null, own);
        return new Server(config, server.tls, eventLoops, server.connect(), own);
    }

    /// Whether a process is a Java one: attaching begins with a signal that ends any other.
    private static boolean java(long pid) {
        return pid > 0
                && ProcessHandle.of(pid)
                        .flatMap(process -> process.info().command())
                        .filter(command -> command.endsWith("/java"))
                        .isPresent();
    }

    boolean canBeLookedInto() {
        return pid != 0;
    }

    private static InputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII));
    }

    Connection connect() throws IOException {
        return connect(eventLoops);
    }

    /// @param own event loops that nothing else of the client keeps busy
    Connection connect(EventLoops own) throws IOException {
        return new Connection(own, this);
    }

    private double metric(String name) {
        var text = control.get("/metrics").text();
        var found = Pattern.compile("^" + name + " (\\S+)$", Pattern.MULTILINE).matcher(text);
        return found.find() ? Double.parseDouble(found.group(1)) : Double.NaN;
    }

    double cpuSeconds() {
        return metric("process_cpu_seconds_total");
    }

    /// Bytes of memory in use: live objects after a collection and what is outside the heap where the process may be
    /// looked into, else what the operating system counts.
    double memory() throws IOException, InterruptedException {
        if (!canBeLookedInto()) return metric("process_resident_memory_bytes");
        // What is kept only while there is room goes when nobody has used it between collections.
        for (int i = 0; i < 3; i++) {
            jcmd("GC.run");
            Thread.sleep(i < 2 ? 13_000 : 0);
        }
        return metric("jvm_memory_used_bytes");
    }

    /// Bytes the operating system counts.
    double resident() {
        return metric("process_resident_memory_bytes");
    }

    /// Bytes of the heap that hold something, garbage included; `NaN` where the server does not say.
    double heap() {
        return metric("jvm_memory_used_bytes");
    }

    String jcmd(String... arguments) throws IOException, InterruptedException {
        if (!canBeLookedInto()) throw new IllegalStateException("the server is no Java process of this machine");
        var command = new ArrayList<String>();
        command.add(System.getProperty("java.home") + "/bin/jcmd");
        command.add(String.valueOf(pid));
        command.addAll(List.of(arguments));
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor(60, TimeUnit.SECONDS);
        return text;
    }

    void namespace(String name) {
        control.call(
                "POST",
                "/api/v1/namespaces",
                "application/json",
                ("{\"metadata\":{\"name\":\"" + name + "\"}}").getBytes(StandardCharsets.UTF_8));
    }

    void clear(String path) {
        control.call("DELETE", path, null, null);
    }
}
