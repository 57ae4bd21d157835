package io.navarch.benchmarks;

import io.navarch.pki.Pki;
import io.navarch.schema.admission.User;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// Argument: a folder that is not there yet. What a first start waits for that has no keys and certificates, in a
/// process that has done nothing else before.
public final class FirstCertificates {
    private FirstCertificates() {}

    public static void main(String[] arguments) throws IOException {
        var threads = ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadCpuTime();
        long start = System.nanoTime();
        var pki = new Pki(
                Path.of(arguments[0]),
                InstantSource.system(),
                task -> Thread.ofPlatform().daemon().start(task));
        pki.server("apiserver", "kube-apiserver", List.of("kubernetes", "localhost", "127.0.0.1", "10.96.0.1"));
        pki.client("apiserver-kubelet-client", "kube-apiserver-kubelet-client", User.MASTERS);
        long served = System.nanoTime();
        long own = threads.getCurrentThreadCpuTime() - before;
        var administrator = CompletableFuture.supplyAsync(() -> administrator(pki));
        pki.serviceAccountKeys();
        if (administrator.join().key().isEmpty()) throw new IllegalStateException("no key");
        System.out.printf(
                "%d ms (%d ms CPU) until the server's certificates are there, %d ms until all keys are%n",
                (served - start) / 1_000_000, own / 1_000_000, (System.nanoTime() - start) / 1_000_000);
    }

    private static Pki.Pair administrator(Pki pki) {
        try {
            return pki.administrator(User.MASTERS);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
